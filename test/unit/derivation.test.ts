import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { standingOf } from '../../src/core/deals/standing.ts';
import { type DerivationStep, derivationOf } from '../../src/core/forecast/derivation.ts';
import type { ForecastInput } from '../../src/core/forecast/forecast.ts';
import { collectEvidence } from '../../src/core/milestones/evidence.ts';
import { dayReader } from '../../src/core/odds/day-reader.ts';
import { midnightOf, periodOf } from '../../src/core/values/calendar.ts';
import {
  type DerivationReader,
  derivationText,
  historyText,
} from '../../templates/reliability/derivation-words.ts';
import {
  activity,
  amount,
  day,
  deal,
  EUR,
  evidenceModel,
  filled,
  lineOfDeal,
  MONDAY,
  QUARTER,
  rate,
  ZONE,
} from '../support/deals.ts';

const MODEL = evidenceModel();
const RATES = [rate('USD', 'EUR', '0.92', '2026-01-01'), rate('USD', 'EUR', '0.90', '2026-10-01')];

function stepsOf(subject: Deal, changes: Partial<ForecastInput> = {}): readonly DerivationStep[] {
  const activities = [activity(subject.id, '2026-09-03')];
  const asOfInstant = midnightOf(MONDAY, ZONE);
  const evidence = collectEvidence({
    deal: subject,
    activities,
    contacts: [],
    confirmations: [],
    runs: standingOf(subject, MODEL, asOfInstant)?.runs ?? [],
    model: MODEL,
    asOf: MONDAY,
    asOfInstant,
    days: dayReader(ZONE),
  });
  const line = lineOfDeal(subject, {
    model: MODEL,
    rates: RATES,
    activitiesByDeal: new Map([[subject.id, activities]]),
    ...changes,
  });
  const period = changes.period ?? QUARTER;
  return derivationOf({
    deal: subject,
    line,
    evidence,
    model: MODEL,
    rates: RATES,
    currency: EUR,
    asOf: MONDAY,
    period,
    history: { verifiedDeals: 12, stageDeals: 340 },
  });
}

const OPEN = deal('7', 's-contact 2026-09-01, s-need 2026-09-20, s-solution 2026-10-10', {
  ...amount('10000', 'USD'),
  properties: [filled('jalon_evidence_need', 'the letter of 18 September', '2026-09-18')],
});

function reader(locale: 'fr' | 'en'): DerivationReader {
  return {
    locale,
    crm: 'hubspot',
    currency: EUR,
    milestones: MODEL.milestones,
    stageLabel: (id) => `Stage ${id}`,
  };
}

const texts = (steps: readonly DerivationStep[], locale: 'fr' | 'en') =>
  steps.flatMap((step) => derivationText(step, reader(locale)));

describe('how a deal came to its figures', () => {
  const steps = stepsOf(OPEN);

  it('goes from the amount in the CRM over rate, proofs and weight to what is expected', () => {
    expect(steps.map(({ kind }) => kind)).toEqual([
      'gross',
      'rate',
      'declared',
      'proof',
      'proof',
      'verified',
      'missing',
      'net',
      'unproven',
      'odds',
      'history',
      'expected',
      'realistic',
    ]);
  });

  it('names the rate that was in force on the day, and what it made of the amount', () => {
    const step = steps.find(({ kind }) => kind === 'rate');
    expect(step).toMatchObject({ rate: { rate: '0.90' }, grossMinor: 900_000n });
    expect(texts(steps, 'en')).toContain('Rate: 1 USD = 0.90 EUR since 1 October 2026, that is €9,000');
  });

  it('says in one sentence what a manager may repeat', () => {
    const [, seen] = texts(
      steps.filter(({ kind }) => kind === 'odds'),
      'en',
    );
    expect(seen).toBe(
      'Of the days that deals spent at “Need confirmed” from day 0 on, 1.0% ended in a step forward, 0.1% in a loss; chained to 31 December 2026 this gives 7.8%.',
    );
    const [, vues] = texts(
      steps.filter(({ kind }) => kind === 'odds'),
      'fr',
    );
    expect(vues).toContain('mises bout à bout jusqu’au 31 décembre 2026, cela donne 7,8\u00A0%.');
  });

  it('each product on the way is the product that is shown', () => {
    const net = steps.find((step) => step.kind === 'net');
    const expected = steps.find((step) => step.kind === 'expected');
    expect(net).toMatchObject({ grossMinor: 900_000n, weightBps: 2_500, netMinor: 225_000n });
    expect(expected).toMatchObject({ grossMinor: 900_000n, odds: 0.078, expectedMinor: 70_200n });
  });

  it('every product can be computed again from what is printed, to the cent', () => {
    const cents = stepsOf({ ...OPEN, ...amount('12345.67', 'USD') });
    const figure = (text: string): number =>
      Number(text.replaceAll(/[€,%]/g, '')) / (text.endsWith('%') ? 100 : 1);
    const products = texts(cents, 'en').flatMap((text) => {
      const [, left, right, result] = /(€[\d,.]+) × ([\d.]+%) = (€[\d,.]+)/.exec(text) ?? [];
      return left && right && result ? [[figure(left) * figure(right), figure(result)] as const] : [];
    });
    expect(products).toHaveLength(2);
    for (const [product, shown] of products)
      expect(Math.abs(product - shown)).toBeLessThanOrEqual(0.005 + 1e-9);
    expect(texts(cents, 'en')[0]).toBe('Amount in the CRM: USD\u00A012,345.67');
  });

  it('says from how many deals with verified milestones and how many with stages alone the past was read', () => {
    const history = steps.filter(({ kind }) => kind === 'history');
    expect(texts(history, 'en')).toEqual([
      'Where deals stood in the past: verified milestones for 12, CRM stages for 340 and for the time before the first snapshot.',
    ]);
    expect(historyText({ verifiedDeals: 0, stageDeals: 1340 }, 'pipedrive', 'fr')).toContain(
      'étapes du CRM pour les 1\u00A0340 (',
    );
  });

  it('of a deal without amount stops at the reason, and still says what is proven', () => {
    const kinds = stepsOf({ ...OPEN, amount: { kind: 'missing' } }).map(({ kind }) => kind);
    expect(kinds[0]).toBe('excluded');
    expect(kinds).toContain('verified');
    expect(kinds).not.toContain('net');
    expect(kinds).not.toContain('expected');
  });

  it('a proof beyond a hole is shown as one that does not count yet', () => {
    const hole = {
      ...OPEN,
      properties: [filled('jalon_verbal_commitment_on', '2026-10-20', '2026-10-20')],
    };
    const proofs = stepsOf(hole).filter((step) => step.kind === 'proof');
    expect(proofs.map(({ fact, counts }) => [fact.milestone, counts])).toEqual([
      ['contact', true],
      ['verbal', false],
    ]);
    expect(texts(proofs, 'en')[1]).toContain('it will count once the milestones before it are proven');
  });

  it('of a period ahead says which days do not count', () => {
    const next = periodOf(day('2027-02-01'), 'quarter');
    const odds = stepsOf(OPEN, { period: next }).find((step) => step.kind === 'odds');
    expect(odds).toMatchObject({ beforeDays: 39 });
    expect(texts(odds === undefined ? [] : [odds], 'en').join(' ')).toContain(
      'within 39 days, before the period begins',
    );
  });

  it('of a signed or lost deal ends with that day', () => {
    const won = stepsOf(deal('8', 's-contact 2026-09-01, s-won 2026-10-02'));
    expect(won.at(-1)).toMatchObject({ kind: 'signed', inPeriodMinor: 100_000n });
    const lost = stepsOf(deal('9', 's-contact 2026-09-01, s-lost 2026-10-02'));
    expect(texts(lost, 'fr').at(-1)).toBe('Perdue le 2 octobre 2026\u00A0: ne compte plus');
  });
});
