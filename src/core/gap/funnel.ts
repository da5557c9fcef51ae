/** How deals travel: never a product of stage-to-stage rates, which predicts 7 wins where 89 happened. forecast-model: section 5. */

import { positionAt, type StateLog, UNMAPPED, UNVERIFIED } from '../odds/history.ts';
import { median } from '../values/median.ts';
import { everReached } from './funnel-reached.ts';

/** One milestone of the funnel. */
export interface FunnelStep {
  readonly milestone: number;
  /** Deals that ever reached it, and what those with an amount are worth. */
  readonly deals: number;
  readonly valueMinor: bigint;
  readonly withoutAmount: number;
  /** Of those resolved, the share that was won, 0..1; null when none is resolved. */
  readonly everReachedToWon: number | null;
  readonly resolved: number;
  readonly won: number;
  /** Of finished stays at the milestone; null when none has finished. */
  readonly medianDays: number | null;
}

/** Everything before midnight of `originDay`. `amountsMinor` by deal of the log, in the company currency; null: counted, not summed. */
export function funnelBefore(
  log: StateLog,
  amountsMinor: readonly (bigint | null)[],
  originDay: number,
  milestones: number,
): readonly FunnelStep[] {
  const counts = everReached(log, originDay, milestones);
  const values = valuesReached(log, amountsMinor, originDay, milestones);
  const stays = finishedStays(log, originDay, milestones);
  return Array.from({ length: milestones }, (_, milestone) => {
    const resolved = counts.resolved[milestone] ?? 0;
    const won = counts.won[milestone] ?? 0;
    return {
      milestone,
      deals: counts.all[milestone] ?? 0,
      valueMinor: values[milestone]?.valueMinor ?? 0n,
      withoutAmount: values[milestone]?.withoutAmount ?? 0,
      everReachedToWon: resolved > 0 ? won / resolved : null,
      resolved,
      won,
      medianDays: median(stays[milestone] ?? []),
    };
  });
}

function valuesReached(
  log: StateLog,
  amountsMinor: readonly (bigint | null)[],
  originDay: number,
  milestones: number,
): readonly { readonly valueMinor: bigint; readonly withoutAmount: number }[] {
  const values = Array.from({ length: milestones }, () => ({ valueMinor: 0n, withoutAmount: 0 }));
  for (let deal = 0; deal < log.deals; deal += 1) {
    const furthest = positionAt(log, deal, originDay)?.furthest ?? -1;
    const amountMinor = amountsMinor[deal] ?? null;
    for (const value of values.slice(0, furthest + 1)) {
      if (amountMinor === null) value.withoutAmount += 1;
      else value.valueMinor += amountMinor;
    }
  }
  return values;
}

/** Days of the stays that ended before the day, by milestone. A stay that led into an unmapped stage, or out of what is verified, has no known end. */
function finishedStays(log: StateLog, originDay: number, milestones: number): readonly (readonly number[])[] {
  const stays = Array.from({ length: milestones }, (): number[] => []);
  for (let deal = 0; deal < log.deals; deal += 1) {
    const end = log.starts[deal + 1] ?? 0;
    for (let entry = (log.starts[deal] ?? 0) + 1; entry < end; entry += 1) {
      const day = log.days[entry] ?? originDay;
      if (day >= originDay) break;
      const state = log.states[entry] ?? UNMAPPED;
      if (state !== UNMAPPED && state !== UNVERIFIED && log.moved[entry] === 1)
        stays[log.states[entry - 1] ?? UNMAPPED]?.push(day - (log.since[entry - 1] ?? day));
    }
  }
  return stays;
}
