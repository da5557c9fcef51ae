/** What people do to the account between and during the runs: every kind of change that a pull has to find and a plan has to follow. */
import type { WorldRecord } from '../../sandbox/world/types.ts';
import type { ChaosAccount } from './account.ts';

type Random = () => number;

/** Changes `count` living deals, and now and then archives, restores, merges or creates one. Returns the ids touched. */
export function changeDeals(account: ChaosAccount, random: Random, count: number): readonly string[] {
  return Array.from({ length: count }, () => changeOne(account, random)).flat();
}

/** Only values of deals that stay: what may happen while a run is going on and must be found by the next. */
export function changeValues(account: ChaosAccount, random: Random, count: number): readonly string[] {
  return Array.from({ length: count }, () => {
    const deal = pick(livingDeals(account), random);
    account.sandbox.edit.set('deal', deal.id, newValue(account, deal, random));
    return account.dealId(deal.id);
  });
}

function changeOne(account: ChaosAccount, random: Random): readonly string[] {
  const { edit } = account.sandbox;
  const deal = pick(livingDeals(account), random);
  const draw = random();
  if (draw < 0.06) {
    edit.archive('deal', deal.id);
    return [deal.id];
  }
  if (draw < 0.1) {
    const loser = pick(
      livingDeals(account).filter((other) => other.id !== deal.id),
      random,
    );
    edit.merge('deal', deal.id, loser.id);
    return [deal.id, loser.id];
  }
  if (draw < 0.16) return [edit.create('deal', newDeal(account, deal, random))];
  edit.set('deal', deal.id, newValue(account, deal, random));
  return [deal.id];
}

function newValue(account: ChaosAccount, deal: WorldRecord, random: Random): Record<string, string> {
  const { world } = account;
  const draw = random();
  if (draw < 0.35) return { amount: someAmount(random) };
  if (draw < 0.7) return { stage: nextStage(account, deal, random) };
  if (draw < 0.85)
    return {
      close_date: account
        .asOf()
        .add({ days: Math.floor(random() * 90) })
        .toString(),
    };
  return { owner: pick(world.owners, random).id };
}

function newDeal(account: ChaosAccount, like: WorldRecord, random: Random): Record<string, string> {
  const kept = ['pipeline', 'stage', 'currency', 'owner', 'close_date'] as const;
  const values = kept.flatMap((field) => {
    const value = account.world.value(like, field);
    return value === null ? [] : [[field, value] as const];
  });
  return { ...Object.fromEntries(values), name: 'Opened between two runs', amount: someAmount(random) };
}

/** The stage after the present one, or any stage of the pipeline: deals also fall back. */
function nextStage(account: ChaosAccount, deal: WorldRecord, random: Random): string {
  const stages = account.world.stage(account.world.value(deal, 'stage') ?? '')?.pipeline.stages ?? [];
  const at = stages.findIndex((stage) => stage.id === account.world.value(deal, 'stage'));
  const next = stages[at + 1];
  return next !== undefined && random() < 0.7 ? next.id : pick(stages, random).id;
}

function someAmount(random: Random): string {
  return `${1_000 + Math.floor(random() * 90_000)}.${10 + Math.floor(random() * 90)}`;
}

function livingDeals({ world }: ChaosAccount): readonly WorldRecord[] {
  return world
    .list('deal')
    .filter(
      (deal) => deal.archivedAtMs === null && world.stage(world.value(deal, 'stage') ?? '') !== undefined,
    );
}

function pick<One>(from: readonly One[], random: Random): One {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('there is nothing to pick from');
  return one;
}
