import { describe, expect, it } from 'vitest';
import type { Manager, Target } from '../../src/core/deals/manager.ts';
import { linesOfManager, targetFor } from '../../src/core/deals/target.ts';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { type SummaryFrame, summarise } from '../../src/core/forecast/summary.ts';
import { asId, type ManagerId, type OwnerId, type TeamId } from '../../src/core/values/ids.ts';
import {
  amount,
  deal,
  EUR,
  forecastInput,
  MONDAY,
  money,
  owner,
  QUARTER,
  stageModel,
} from '../support/deals.ts';

const model = stageModel();
const frame: SummaryFrame = {
  asOf: MONDAY,
  period: QUARTER,
  currency: EUR,
  modelVersion: 1,
  milestones: model.milestones,
  targetMinor: 100_000n,
  history: { label: 'your_weights', resolvedDeals: 3 },
};

const lines = forecastLines(
  forecastInput([
    deal('signed', 's-won 2026-10-15', amount('400')),
    deal('before', 's-won 2026-09-15', amount('7000')),
    deal('lost', 's-lost 2026-10-15', amount('9000')),
    deal('verbal', 's-verbal 2026-11-03', amount('1000')),
    deal('need', 's-need 2026-11-03', { ...amount('2000'), ownerId: asId<OwnerId>('o-2') }),
    deal('nobody', 's-need 2026-11-03', { ...amount('500'), ownerId: null }),
    deal('empty', 's-need 2026-11-03', { amount: { kind: 'missing' } }),
    deal('dollars', 's-won 2026-11-03', amount('500', 'USD')),
    deal('other', 's-other 2026-11-03', amount('600')),
  ]),
);

describe('the summary', () => {
  const summary = summarise(lines, frame);

  it('is won plus expected against the target', () => {
    expect(summary).toMatchObject({ wonMinor: 40_000n, wonDeals: 1, expectedMinor: 35_100n });
    expect(summary).toMatchObject({ forecastMinor: 75_100n, targetMinor: 100_000n, gapMinor: 24_900n });
  });

  it('adds up the open deals that can be added up', () => {
    expect(summary).toMatchObject({
      openDeals: 3,
      grossMinor: 350_000n,
      netMinor: 122_500n,
      unprovenMinor: 0n,
    });
  });

  it('counts what is in no sum, by reason: a win without a rate too, a lost deal not', () => {
    expect(summary.exclusions).toEqual([
      { reason: 'amount_missing', deals: 1 },
      { reason: 'no_rate', deals: 1 },
      { reason: 'stage_unmapped', deals: 1 },
    ]);
  });

  it('has a row for each milestone, also for one without deals', () => {
    expect(summary.byMilestone.map(({ key, deals, netMinor }) => [key, deals, netMinor])).toEqual([
      ['contact', 0, 0n],
      ['need', 2, 62_500n],
      ['solution', 0, 0n],
      ['verbal', 1, 60_000n],
    ]);
  });

  it('has a row for each owner, largest net amount first, and one for deals of nobody', () => {
    expect(summary.byOwner.map(({ key, netMinor }) => [key, netMinor])).toEqual([
      ['o-1', 60_000n],
      ['o-2', 50_000n],
      [null, 12_500n],
    ]);
  });

  it('has no gap beyond the target, and none without a target', () => {
    expect(summarise(lines, { ...frame, targetMinor: 75_000n }).gapMinor).toBe(0n);
    expect(summarise(lines, { ...frame, targetMinor: null })).toMatchObject({
      targetMinor: null,
      gapMinor: null,
    });
  });

  it('of nothing is nothing', () => {
    expect(summarise([], frame)).toMatchObject({
      forecastMinor: 0n,
      openDeals: 0,
      exclusions: [],
      byOwner: [],
    });
  });
});

const manager = (changes: Partial<Manager> = {}): Manager => ({
  id: asId<ManagerId>('m-1'),
  name: 'Claire Petit',
  email: 'claire@example.test',
  locale: 'fr',
  zone: 'Europe/Paris',
  teamIds: [],
  ownerIds: [],
  digest: 'on',
  digestPausedUntil: null,
  ...changes,
});

describe('the lines of a manager', () => {
  const owners = [owner('o-1', 'Ana'), owner('o-2', 'Ben', { teamIds: [asId<TeamId>('t-2')] })];
  const ids = (who: Manager) => linesOfManager(lines, who, owners).map((line) => line.dealId);

  it('are all of them for who answers for everybody, deals of nobody included', () => {
    expect(ids(manager())).toHaveLength(lines.length);
  });

  it('are those of the team’s members and of owners named one by one', () => {
    expect(ids(manager({ teamIds: [asId<TeamId>('t-2')] }))).toEqual(['need']);
    expect(ids(manager({ ownerIds: [asId<OwnerId>('o-2')] }))).toEqual(['need']);
    expect(ids(manager({ teamIds: [asId<TeamId>('t-9')] }))).toEqual([]);
  });
});

describe('a target', () => {
  const target = (managerId: string | null, text: string, code = 'EUR'): Target => ({
    managerId: managerId === null ? null : asId<ManagerId>(managerId),
    periodKey: '2026-Q4',
    ...money(text, code),
  });
  const same = ({ amountMinor, currency: code }: Pick<Target, 'amountMinor' | 'currency'>) =>
    code === EUR ? amountMinor : null;
  const team = manager({ teamIds: [asId<TeamId>('t-1')] });

  it('is the manager’s own for the period', () => {
    const targets = [target(null, '900'), target('m-1', '300')];
    expect(targetFor(targets, team, '2026-Q4', same)).toBe(30_000n);
    expect(targetFor(targets, team, '2026-Q3', same)).toBeNull();
  });

  it('is the company’s for who answers for everybody, and for nobody else', () => {
    const targets = [target(null, '900'), target('m-2', '300')];
    expect(targetFor(targets, null, '2026-Q4', same)).toBe(90_000n);
    expect(targetFor(targets, manager(), '2026-Q4', same)).toBe(90_000n);
    expect(targetFor(targets, team, '2026-Q4', same)).toBeNull();
  });

  it('of the company is never guessed from its managers', () => {
    expect(targetFor([target('m-1', '300'), target('m-2', '300')], null, '2026-Q4', same)).toBeNull();
  });

  it('in a currency without rate is no target', () => {
    expect(targetFor([target('m-1', '300', 'USD')], team, '2026-Q4', same)).toBeNull();
  });

  it('that was corrected is the later one', () => {
    expect(targetFor([target('m-1', '300'), target('m-1', '350')], team, '2026-Q4', same)).toBe(35_000n);
  });
});
