import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { oddsOutcomes } from '../../src/core/reliability/accuracy.ts';
import { backtestReport, parseHorizons } from '../../src/core/reliability/backtest-report.ts';
import { oddsBins } from '../../src/core/reliability/odds-bins.ts';
import { asId, type PipelineId } from '../../src/core/values/ids.ts';
import { fromCanonicalJson, toCanonicalJson } from '../../src/core/values/json.ts';
import { noteTexts } from '../../templates/reliability/backtest-words.ts';
import { day, deal, stageModel, ZONE } from '../support/deals.ts';

const FIRST = day('2026-01-05');

/** A deal every second day; half of them are won after 24 days, the others lost after 15. */
function company(deals: number): readonly Deal[] {
  return Array.from({ length: deals }, (_, at) => {
    const on = (days: number) => FIRST.add({ days: 2 * at + days }).toString();
    const end = at % 2 === 0 ? `s-won ${on(24)}` : `s-lost ${on(15)}`;
    return deal(`d-${at}`, `s-contact ${on(0)}, s-solution ${on(8)}, ${end}`);
  });
}

const REPORT = backtestReport({
  deals: company(90),
  model: stageModel(),
  zone: ZONE,
  asOf: FIRST.add({ days: 200 }),
  amountOf: (one) => (one.amount.kind === 'money' ? one.amount.money.amountMinor : null),
});

describe('the report of a replay', () => {
  it('has a row for each past Monday, with what was said and what came', () => {
    const [fortnight] = REPORT.horizons;
    const [first] = fortnight?.mondays ?? [];
    expect(first?.on.toString()).toBe('2026-02-09');
    expect(first?.horizonDays).toBe(14);
    expect(fortnight?.mondays).toHaveLength(fortnight?.windows ?? -1);
    const wins = fortnight?.mondays.reduce((sum, { actual }) => sum + actual, 0);
    expect(wins).toBe(fortnight?.wins);
  });

  it('counts every open deal of every Monday once among the bands of odds', () => {
    for (const { bins, mondays } of REPORT.horizons) {
      const inBins = bins.reduce((sum, { deals }) => sum + deals, 0);
      expect(inBins).toBe(mondays.reduce((sum, { openDeals }) => sum + openDeals, 0));
    }
  });

  it('says how many deals it rests on: the one that closed today is not known yet', () => {
    expect(REPORT.deals).toBe(90);
    expect(REPORT.resolvedDeals).toBe(89);
    expect(REPORT.label).toBe('partly_measured');
  });

  it('counts what is strange: deals without their whole history, events of tomorrow, a pipeline without a win', () => {
    const asOf = FIRST.add({ days: 200 });
    const other = { pipelineId: asId<PipelineId>('p-2') };
    const strange = [
      deal('gap', 's-solution 2026-02-02', { flags: ['history_incomplete'] }),
      { ...deal('none', 's-contact 2026-02-02'), stageHistory: [] },
      deal('ahead', `s-contact 2026-02-02, s-won ${asOf.add({ days: 30 })}`),
      deal('lost', 's-contact 2026-02-02, s-lost 2026-03-02', other),
    ];
    const request = { model: stageModel(), zone: ZONE, asOf, amountOf: () => null };
    const report = backtestReport({ ...request, deals: [...company(90), ...strange] });
    expect(report.oddities).toMatchObject({
      incompleteHistories: 2,
      futureEvents: 1,
      pipelinesWithoutWin: 1,
    });
    expect(noteTexts(report, 0, 'pipedrive', 'en').join(' ')).toContain(
      '1 pipeline has closed deals and not one win',
    );
    expect(noteTexts(report, 0, 'pipedrive', 'fr')).toHaveLength(4);
    const plain = backtestReport({ ...request, deals: company(90) });
    expect(noteTexts(plain, 0, 'hubspot', 'en')).toEqual([
      'The histories show 2 of 4 milestones: chances at the others are your weights.',
    ]);
  });

  it('is the same after it was stored and read again', () => {
    expect(fromCanonicalJson(toCanonicalJson(REPORT))).toEqual(REPORT);
  });
});

describe('bands of odds', () => {
  it('put together what was said and count what came; certainty belongs to the last band', () => {
    const bins = oddsBins(
      oddsOutcomes([
        { odds: 0.02, won: false },
        { odds: 0.04, won: true },
        { odds: 0.35, won: false },
        { odds: 1, won: true },
      ]),
    );
    expect(bins).toEqual([
      { low: 0, high: 0.05, deals: 2, meanOdds: 0.03, won: 1 },
      { low: 0.3, high: 0.4, deals: 1, meanOdds: 0.35, won: 0 },
      { low: 0.9, high: 1, deals: 1, meanOdds: 1, won: 1 },
    ]);
  });
});

describe('the horizons asked for', () => {
  it('are days or the end of the month', () => {
    expect(parseHorizons('14, 35d,eom')).toEqual([
      { kind: 'days', days: 14 },
      { kind: 'days', days: 35 },
      { kind: 'month_end' },
    ]);
  });

  it('are refused when one of them is neither', () => {
    expect(['', '14,', '0', '400', 'soon', '1.5', '-3'].map(parseHorizons)).toEqual(Array(7).fill(null));
  });
});
