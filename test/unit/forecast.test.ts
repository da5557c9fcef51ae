import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { forecastLines, groupByDeal } from '../../src/core/forecast/forecast.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import { asId, type PipelineId } from '../../src/core/values/ids.ts';
import {
  activity,
  amount,
  contact,
  currency,
  day,
  deal,
  dealId,
  evidenceModel,
  filled,
  forecastInput,
  key,
  lineOfDeal,
  MONDAY,
  money,
  PLAIN_ODDS,
  rate,
  said,
  stageModel,
} from '../support/deals.ts';

describe('the line of an open deal', () => {
  const line = lineOfDeal(deal('d', 's-contact 2026-09-01, s-solution 2026-11-03', amount('50000')));

  it('has a net amount: amount times weight of the verified milestone', () => {
    expect(line).toMatchObject({ verified: 'solution', weightBps: 4_000, netMinor: 2_000_000n });
    expect(line.netOwn).toEqual(money('20000'));
  });

  it('has an expected amount: amount times the odds in what is left of the period', () => {
    expect(line).toMatchObject({ odds: 0.117, expectedMinor: 585_000n, wonInPeriodMinor: 0n });
    expect(line.oddsReason).toMatchObject({ ageDays: 19, horizonDays: 39 });
  });

  it('says since when, for how long, and the month of a realistic signature', () => {
    expect(line.verifiedSince).toEqual(day('2026-11-03'));
    expect(line.daysInMilestone).toBe(20);
    expect(line.realisticClose).toEqual(day('2027-01-01'));
  });
});

describe('a stage ahead of the proof', () => {
  it('shows as an unproven amount and never in the net', () => {
    const confirmations = new Map([[dealId('d'), [said('contact', 'confirmed', '2026-11-02')]]]);
    const line = lineOfDeal(deal('d', 's-verbal 2026-10-01', amount('10000')), {
      model: evidenceModel(),
      confirmations,
    });
    expect(line).toMatchObject({
      declared: 'verbal',
      verified: 'contact',
      declaredWeightBps: 6_000,
      weightBps: 1_000,
      netMinor: 100_000n,
      unprovenMinor: 500_000n,
    });
    expect(line.missing.map((gap) => gap.milestone)).toEqual(['need', 'solution', 'verbal']);
  });

  it('with nothing proven counts for nothing, and is listed', () => {
    const line = lineOfDeal(deal('d', 's-verbal 2026-10-01', amount('10000')), { model: evidenceModel() });
    expect(line).toMatchObject({
      verified: null,
      verifiedSince: null,
      netMinor: 0n,
      unprovenMinor: 600_000n,
    });
    expect(line).toMatchObject({ odds: 0, expectedMinor: 0n, daysInMilestone: null, exclusion: null });
  });

  it('proof ahead of the stage is no debt', () => {
    const subject = deal('d', 's-contact 2026-10-01', {
      ...amount('10000'),
      properties: [filled('jalon_evidence_need', 'specification', '2026-11-02')],
    });
    const line = lineOfDeal(subject, {
      model: evidenceModel(),
      activitiesByDeal: groupByDeal([activity('d', '2026-10-05')]),
    });
    expect(line).toMatchObject({
      declared: 'contact',
      verified: 'need',
      netMinor: 250_000n,
      unprovenMinor: 0n,
    });
    expect(line.lastCustomerContact).toEqual(day('2026-10-05'));
  });

  it('is closed by a decision maker among the contacts of the deal', () => {
    const subject = deal('d', 's-solution 2026-10-01', { contactIds: [contact('c', null).id] });
    const confirmations = new Map([
      [subject.id, [said('contact', 'confirmed', '2026-10-02'), said('need', 'confirmed', '2026-10-03')]],
    ]);
    const decides = contact('c', 'DECISION_MAKER');
    const line = lineOfDeal(subject, {
      model: evidenceModel(),
      confirmations,
      contactsById: new Map([[decides.id, decides]]),
    });
    expect(line).toMatchObject({ verified: 'solution', unprovenMinor: 0n });
  });
});

describe('a deal that cannot be added up', () => {
  const excluded = (changes: Partial<Deal>, stages = 's-solution 2026-11-03') => {
    const line = lineOfDeal(deal('d', stages, changes));
    const { exclusion, netMinor, unprovenMinor, expectedMinor, netOwn, verified } = line;
    return { exclusion, sums: [netMinor, unprovenMinor, expectedMinor, netOwn], verified };
  };
  const nothing = [0n, 0n, 0n, null];

  it('without amount is listed, and not counted as zero', () => {
    expect(excluded({ amount: { kind: 'missing' } })).toEqual({
      exclusion: 'amount_missing',
      sums: nothing,
      verified: 'solution',
    });
  });

  it.each(['negative', 'absurd', 'currency_missing', 'currency_unknown'] as const)(
    'with an amount that is %s keeps the reason',
    (reason) => {
      const { exclusion, sums } = excluded({ amount: { kind: 'unusable', text: '-5', reason } });
      expect(exclusion).toBe(reason.startsWith('currency') ? reason : `amount_${reason}`);
      expect(sums).toEqual(nothing);
    },
  );

  it('with a negative amount that slipped through is excluded all the same', () => {
    expect(excluded(amount('-5')).exclusion).toBe('amount_negative');
  });

  it('in a currency without rate is excluded and keeps its own amount', () => {
    const line = lineOfDeal(deal('d', 's-solution 2026-11-03', amount('900', 'USD')));
    expect(line).toMatchObject({ exclusion: 'no_rate', grossMinor: 0n, gross: money('900', 'USD') });
  });

  it('in an unmapped stage is listed with its amount', () => {
    const line = lineOfDeal(deal('d', 's-other 2026-11-03', amount('900')));
    expect(line).toMatchObject({
      standing: 'unmapped',
      exclusion: 'stage_unmapped',
      grossMinor: 90_000n,
      odds: 0,
    });
  });

  it('in a pipeline left out is listed and no more', () => {
    const model = { ...stageModel(), excludedPipelines: [asId<PipelineId>('p-1')] };
    const line = lineOfDeal(deal('d', 's-solution 2026-11-03'), { model });
    expect(line).toMatchObject({ exclusion: 'pipeline_excluded', netMinor: 0n, expectedMinor: 0n });
  });
});

describe('a foreign amount', () => {
  it('counts in company currency, and keeps its net amount in its own', () => {
    const line = lineOfDeal(deal('d', 's-solution 2026-11-03', amount('1000', 'USD')), {
      rates: [rate('USD', 'EUR', '0.9', '2026-11-01')],
    });
    expect(line).toMatchObject({ grossMinor: 90_000n, netMinor: 36_000n, netOwn: money('400', 'USD') });
  });
});

describe('a closed deal', () => {
  const won = (on: string) => deal('d', `s-verbal 2026-01-05, s-won ${on}`, amount('1000'));

  it('won in the period counts in full, whatever was proven', () => {
    const line = lineOfDeal(won('2026-10-01'), { model: evidenceModel() });
    expect(line).toMatchObject({
      standing: 'won',
      weightBps: 10_000,
      netMinor: 100_000n,
      wonInPeriodMinor: 100_000n,
    });
    expect(line).toMatchObject({ expectedMinor: 0n, missing: [], closedOn: day('2026-10-01') });
  });

  it('won before the period, or on the day itself, is not in it', () => {
    expect(lineOfDeal(won('2026-09-30')).wonInPeriodMinor).toBe(0n);
    expect(lineOfDeal(won('2026-11-23'))).toMatchObject({ standing: 'open', wonInPeriodMinor: 0n });
  });

  it('won is dated in the zone of the company', () => {
    expect(lineOfDeal(won('2026-09-30T22:00:00Z')).wonInPeriodMinor).toBe(100_000n);
    expect(lineOfDeal(won('2026-09-30T21:59:59Z')).wonInPeriodMinor).toBe(0n);
  });

  it('lost weighs nothing', () => {
    const line = lineOfDeal(deal('d', 's-verbal 2026-01-05, s-lost 2026-11-02', amount('1000')));
    expect(line).toMatchObject({ standing: 'lost', weightBps: 0, netMinor: 0n, expectedMinor: 0n, odds: 0 });
  });

  it('without amount is excluded, and not a signature of nothing', () => {
    const line = lineOfDeal({ ...won('2026-11-02'), amount: { kind: 'missing' } });
    expect(line).toMatchObject({ exclusion: 'amount_missing', wonInPeriodMinor: 0n, netOwn: null });
  });

  it('leaves the forecast a hundred days before the fiscal year', () => {
    const lines = forecastLines(
      forecastInput([
        deal('in', 's-won 2025-09-23'),
        deal('out', 's-won 2025-09-22'),
        deal('open', 's-need 2024-01-01'),
      ]),
    );
    expect(lines.map((line) => line.dealId)).toEqual(['open', 'in']);
  });
});

describe('the period', () => {
  const subject = deal('d', 's-solution 2026-11-03', amount('1000'));

  it('that lies ahead counts only the signatures inside it', () => {
    const period = periodOf(day('2027-02-01'), 'quarter');
    const line = lineOfDeal(subject, { period });
    expect(line.odds).toBe(0.27);
    expect(line.expectedMinor).toBe(27_000n);
  });

  it('that is over expects nothing more', () => {
    const period = periodOf(day('2026-08-01'), 'quarter');
    expect(lineOfDeal(subject, { period })).toMatchObject({ odds: 0, expectedMinor: 0n });
  });
});

describe('the lines', () => {
  it('come open deals first, largest net amount first, then by id', () => {
    const lines = forecastLines(
      forecastInput([
        deal('b', 's-need 2026-11-03', amount('100')),
        deal('won', 's-won 2026-11-03', amount('999999')),
        deal('a', 's-need 2026-11-03', amount('100')),
        deal('c', 's-need 2026-11-03', amount('200')),
      ]),
    );
    expect(lines.map((line) => line.dealId)).toEqual(['c', 'a', 'b', 'won']);
  });

  it('leave out a deal that did not exist yet', () => {
    expect(forecastLines(forecastInput([deal('d', 's-need 2026-11-23')]))).toEqual([]);
  });

  it('use the odds of the deal’s pipeline, and the common ones for a pipeline without', () => {
    const certain = { ...PLAIN_ODDS, inDays: () => 0.5 };
    const oddsByPipeline = new Map([[asId<PipelineId>('p-2'), certain]]);
    const other = deal('d', 's-need 2026-11-03', { pipelineId: asId<PipelineId>('p-2') });
    expect(lineOfDeal(other, { oddsByPipeline }).odds).toBe(0.5);
    expect(lineOfDeal(deal('d', 's-need 2026-11-03'), { oddsByPipeline }).odds).toBe(0.078);
  });

  it('tell the pace of a deal by the company’s own norms', () => {
    const norm = (milestone: string) => ({
      milestone: key(milestone),
      fastBelowDays: 10,
      medianDays: 30,
      stuckAboveDays: 60,
      source: 'own_history' as const,
      n: 12,
    });
    const paceNorms = ['contact', 'need', 'solution', 'verbal'].map(norm);
    const fast = lineOfDeal(deal('d', 's-contact 2026-11-01, s-need 2026-11-05'), { paceNorms });
    expect(fast).toMatchObject({ pace: 'fast', passed: { milestone: 'contact', days: 4 } });
    const stuck = lineOfDeal(deal('d', 's-contact 2026-06-01, s-need 2026-09-01'), { paceNorms });
    expect(stuck).toMatchObject({ pace: 'stuck', daysInMilestone: 83 });
    expect(lineOfDeal(deal('d', 's-need 2026-11-05'), { paceNorms })).toMatchObject({ pace: 'on_track' });
  });

  it('say what was known on a past Monday, and nothing later', () => {
    const subject = deal('d', 's-contact 2026-09-01, s-verbal 2026-11-10', {
      closeDate: day('2026-12-31'),
      closeDateHistory: [
        { changedAt: day('2026-09-01').toZonedDateTime('UTC').toInstant(), closeDate: day('2026-10-31') },
        { changedAt: day('2026-11-10').toZonedDateTime('UTC').toInstant(), closeDate: day('2026-12-31') },
      ],
    });
    const past = lineOfDeal(subject, { asOf: day('2026-11-09') });
    expect(past).toMatchObject({ declared: 'contact', stageId: 's-contact', closeDatePushes: 0 });
    expect(past.closeDate).toEqual(day('2026-10-31'));
    expect(lineOfDeal(subject, { asOf: MONDAY })).toMatchObject({ declared: 'verbal', closeDatePushes: 1 });
  });

  it('round each amount once, to the minor unit of the company currency', () => {
    const line = lineOfDeal(deal('d', 's-need 2026-11-03', amount('0.10')), {
      company: { zone: 'Europe/Paris', currency: currency('EUR'), fiscalStartMonth: 1 },
    });
    expect(line).toMatchObject({ grossMinor: 10n, netMinor: 2n, expectedMinor: 1n });
  });
});
