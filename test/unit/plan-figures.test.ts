import { describe, expect, it } from 'vitest';
import { computeForecast, type ForecastSources } from '../../jobs/compute-forecast.ts';
import { planFigures } from '../../jobs/plan-figures.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import { NOTHING_RECORDED } from '../../src/core/odds/verified-history.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import { gapTexts, pipelineTexts } from '../../templates/reliability/gap-words.ts';
import { activity, amount, day, deal, EUR, stageModel, ZONE } from '../support/deals.ts';

const TODAY = day('2026-11-16');
const FIRST = day('2026-01-05');

/** 60 closed deals of 20,000, each third one won after 40 days, and four open ones of which three are due in the quarter. */
function deals(): readonly Deal[] {
  const closed = Array.from({ length: 60 }, (_, number) => {
    const on = (days: number) => FIRST.add({ days: 4 * number + days }).toString();
    const end = number % 3 === 0 ? `s-won ${on(40)}` : `s-lost ${on(25)}`;
    return deal(`c-${number}`, `s-contact ${on(0)}, s-solution ${on(12)}, ${end}`, amount('20000'));
  });
  const open = [
    deal('o-1', 's-contact 2026-10-20', { ...amount('30000'), closeDate: day('2026-12-15') }),
    deal('o-2', 's-contact 2026-10-01, s-solution 2026-11-05', {
      ...amount('50000'),
      closeDate: day('2026-11-01'),
    }),
    deal('o-3', 's-contact 2026-10-01, s-verbal 2026-11-09', {
      ...amount('10000'),
      closeDate: day('2027-02-01'),
    }),
    deal('o-4', 's-contact 2026-11-01', amount('8000')),
  ];
  return [...closed, ...open];
}

function sources(changes: Partial<ForecastSources> = {}): ForecastSources {
  return {
    connection: {
      id: asId<ConnectionId>('crm'),
      crm: 'hubspot',
      externalAccountId: '',
      label: '',
      state: 'active',
      lastPulledAt: null,
    },
    company: {
      zone: ZONE,
      currency: EUR,
      locale: 'en',
      fiscalStartMonth: 1,
      periodKind: 'quarter',
      writeBack: 'plan_only',
    },
    model: stageModel(),
    deals: deals(),
    activities: [],
    contacts: [],
    confirmations: new Map(),
    verified: NOTHING_RECORDED,
    rates: [],
    managers: [],
    targets: [{ managerId: null, periodKey: '2026-Q4', amountMinor: 30_000_000n, currency: EUR }],
    owners: [],
    teams: [],
    pipelines: [],
    rejections: 0,
    ...changes,
  };
}

const plan = (changes: Partial<ForecastSources> = {}) => {
  const all = sources(changes);
  return planFigures(all, computeForecast(all, TODAY));
};

describe('the plan to close a gap', () => {
  const figures = plan();

  it('says how many deals of the mean won amount are missing', () => {
    const { gap, summary } = figures;
    expect(figures.averageWonMinor).toBe(2_000_000n);
    expect(gap?.gapMinor).toBe(summary.gapMinor);
    expect(gap?.deals).toBe(Math.ceil(Number(summary.gapMinor) / 2_000_000));
  });

  it('asks for more prospects in time than eventually, because some sign too late', () => {
    expect(figures.firstInTime).toBeLessThan(figures.firstEventually);
    expect(figures.gap?.prospectsInTime ?? 0).toBeGreaterThan(figures.gap?.prospectsEventually ?? 0);
  });

  it('ranks what to prove next by gain per day of effort, with the missing proof', () => {
    expect(figures.actions.length).toBeGreaterThan(0);
    const perDay = figures.actions.map(({ gainMinorPerDay }) => gainMinorPerDay);
    expect(perDay).toEqual([...perDay].sort((left, right) => Number(right - left)));
    expect(
      figures.actions.every(({ missing, milestone }) => missing?.milestone === milestone || missing !== null),
    ).toBe(true);
    expect(figures.actions.some(({ dealId }) => dealId === 'o-3')).toBe(false);
  });

  it('coverage is what is open and due over what is still to win; overdue counts, undated is told', () => {
    const { coverage, summary } = figures;
    expect(coverage.dueMinor).toBe(8_000_000n);
    expect(coverage.toWinMinor).toBe(30_000_000n - summary.wonMinor);
    expect(coverage.ratio).toBeCloseTo(8_000_000 / Number(coverage.toWinMinor), 12);
    expect(coverage.withoutCloseDate).toBe(1);
    const parts = coverage.byMilestone.reduce((sum, { dueMinor }) => sum + dueMinor, 0n);
    expect(parts).toBe(coverage.dueMinor);
  });

  it('velocity is deals × win rate × average / cycle', () => {
    const { velocity } = figures;
    expect(velocity).toMatchObject({ openDeals: 4, winRate: 20 / 60, cycleDays: 40 });
    expect(velocity.perDayMinor).toBe(BigInt(Math.round((4 * (20 / 60) * 2_000_000) / 40)));
  });

  it('the funnel counts who ever reached a milestone, by the names of the model', () => {
    expect(figures.funnel.map(({ key, deals: reached }) => [key, reached])).toEqual([
      ['contact', 64],
      ['need', 62],
      ['solution', 62],
      ['verbal', 1],
    ]);
  });

  it('contacts per prospect are seven until they are measured on ten closed deals', () => {
    expect(figures.gap?.contactsPerProspect).toBe(7);
    const activities = Array.from({ length: 12 }, (_, at) => [
      activity(`c-${at}`, '2026-03-02'),
      activity(`c-${at}`, '2026-03-09'),
      activity(`c-${at}`, '2026-03-16', { withCustomer: false }),
    ]).flat();
    const measured = plan({ activities });
    expect(measured.contacts).toEqual({ mean: 2, deals: 12 });
    expect(measured.gap?.contactsAreMeasured).toBe(true);
  });

  it('is told in both languages, formulas included', () => {
    for (const locale of ['fr', 'en'] as const) {
      const texts = [
        ...gapTexts(figures, { crm: 'hubspot', locale, milestones: stageModel().milestones }),
        ...pipelineTexts(figures, { crm: 'hubspot', locale }),
      ];
      expect(texts).toHaveLength(8);
      expect(texts.join(' ')).toMatch(/=.*−.*−/);
    }
  });

  it('without a target there is no gap, and without a won deal no number of deals', () => {
    const free = plan({ targets: [] });
    expect(free.gap).toBeNull();
    expect(free.coverage.ratio).toBeNull();
    expect(gapTexts(free, { crm: 'hubspot', locale: 'en', milestones: stageModel().milestones })).toEqual([
      'No target is set for Q4 2026: there is no gap to close.',
    ]);
    const young = plan({ deals: deals().slice(60) });
    expect(young.gap?.deals).toBeNull();
    expect(young.velocity.perDayMinor).toBeNull();
  });

  it('a reached target and a target of zero leave nothing to do', () => {
    const reached = plan({
      targets: [{ managerId: null, periodKey: '2026-Q4', amountMinor: 0n, currency: EUR }],
    });
    expect(reached.gap).toMatchObject({ gapMinor: 0n, deals: 0 });
    expect(
      gapTexts(reached, { crm: 'hubspot', locale: 'en', milestones: stageModel().milestones }),
    ).toHaveLength(1);
  });
});
