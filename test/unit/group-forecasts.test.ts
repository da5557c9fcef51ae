import { describe, expect, it } from 'vitest';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { groupForecasts, groupKeyOf } from '../../src/core/forecast/group-forecasts.ts';
import { rangeOf } from '../../src/core/totals/totals.ts';
import { asId, type OwnerId, type PipelineId, type TeamId } from '../../src/core/values/ids.ts';
import { amount, deal, forecastInput, owner } from '../support/deals.ts';

const LINES = forecastLines(
  forecastInput([
    deal('1', 's-solution 2026-11-01', amount('1000')),
    deal('2', 's-verbal 2026-11-02', { ...amount('3000'), ownerId: asId<OwnerId>('o-2') }),
    deal('3', 's-contact 2026-11-03', { ...amount('500'), ownerId: null }),
    deal('4', 's-contact 2026-10-01, s-won 2026-10-20', {
      ...amount('700'),
      pipelineId: asId<PipelineId>('p-2'),
    }),
    deal('5', 's-contact 2026-10-01', { amount: { kind: 'missing' } }),
    deal('6', 's-contact 2026-02-01, s-won 2026-03-20', amount('9000')),
  ]),
);
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);

describe('a forecast by group', () => {
  it('by owner adds up to the company, in the order of names and never of sales; a deal without owner comes last', () => {
    const groups = groupForecasts(LINES, groupKeyOf('owner', []), () => 20);
    expect(groups.map(({ key, openDeals, wonDeals }) => [key, openDeals, wonDeals])).toEqual([
      ['o-1', 1, 1],
      ['o-2', 1, 0],
      [null, 1, 0],
    ]);
    expect(sum(groups.map(({ wonMinor }) => wonMinor))).toBe(70_000n);
    expect(sum(groups.map(({ grossMinor }) => grossMinor))).toBe(450_000n);
    for (const group of groups) expect(group.forecastMinor).toBe(group.wonMinor + group.expectedMinor);
  });

  it('by milestone puts signed deals at the end of the model and leaves out what is in no sum', () => {
    const groups = groupForecasts(LINES, groupKeyOf('milestone', []), () => 20);
    expect(new Set(groups.map(({ key }) => key))).toEqual(
      new Set(['verbal', 'solution', 'contact', 'signed']),
    );
    expect(groups.find(({ key }) => key === 'contact')?.openDeals).toBe(1);
  });

  it('an owner of two teams makes a row of their own, so that the rows still add up', () => {
    const teams = (...names: string[]) => ({ teamIds: names.map((name) => asId<TeamId>(name)) });
    const owners = [owner('o-1', 'Ann', teams('north')), owner('o-2', 'Bo', teams('north', 'key'))];
    const groups = groupForecasts(LINES, groupKeyOf('team', owners), () => 20);
    expect(groups.map(({ key, openDeals }) => [key, openDeals])).toEqual([
      ['key north', 1],
      ['north', 1],
      [null, 1],
    ]);
    expect(sum(groups.map(({ forecastMinor }) => forecastMinor))).toBe(
      sum(LINES.map(({ wonInPeriodMinor, expectedMinor }) => wonInPeriodMinor + expectedMinor)),
    );
  });

  it('the range of a group is that of its deals alone, wider where fewer wins are known', () => {
    const [only] = groupForecasts(
      LINES,
      () => 'all',
      () => 20,
    );
    const open = LINES.filter(({ standing, exclusion }) => standing === 'open' && exclusion === null);
    const range = rangeOf({
      deals: open.map(({ dealId, grossMinor, odds }) => ({ dealId, amountMinor: grossMinor, odds })),
      wonMinor: 70_000n,
      targetMinor: null,
      wins: 20,
    });
    for (const key of ['p10Minor', 'p50Minor', 'p90Minor'] as const)
      expect(Math.abs(Number(only?.range?.[key] ?? 0n) / Number(range[key]) - 1)).toBeLessThan(0.001);
    expect(only?.range?.concentration).toEqual(range.concentration);
    const asked: (string | null)[] = [];
    groupForecasts(LINES, groupKeyOf('pipeline', []), (key) => {
      asked.push(key);
      return 0;
    });
    expect(asked.sort()).toEqual(['p-1', 'p-2']);
  });
});
