/** Which proof to get next: what it would add to the period's forecast, per day of effort. forecast-model: section 5. */

import type { Odds } from '../odds/odds.ts';
import type { DealId, MilestoneKey } from '../values/ids.ts';
import { multiplyMinor } from '../values/money.ts';

/** An open deal and where it stands. `milestone` -1: nothing verified yet. */
export interface ActionableDeal {
  readonly dealId: DealId;
  readonly amountMinor: bigint;
  readonly milestone: number;
  readonly ageDays: number;
}

export interface ActionContext {
  readonly odds: Pick<Odds, 'inDays'>;
  readonly horizonDays: number;
  /** In the order of the model. */
  readonly milestones: readonly { readonly key: MilestoneKey; readonly typicalDays: number }[];
}

/** Prove `milestone` on this deal: `gainMinor` more is expected in the period, for about `effortDays` of work. */
export interface GapAction {
  readonly dealId: DealId;
  readonly milestone: MilestoneKey;
  readonly gainMinor: bigint;
  readonly effortDays: number;
  readonly gainMinorPerDay: bigint;
}

/** Parts of a chance that are kept when it multiplies an amount. */
const CHANCE_PARTS = 1_000_000_000;

/** Largest gain per day of effort first. Deals at the last milestone have no further proof to give; deals without gain are left out. */
export function rankActions(deals: readonly ActionableDeal[], context: ActionContext): readonly GapAction[] {
  return deals
    .flatMap((deal) => actionFor(deal, context) ?? [])
    .toSorted(
      (left, right) =>
        compare(right.gainMinorPerDay, left.gainMinorPerDay) ||
        compare(right.gainMinor, left.gainMinor) ||
        compare(left.dealId, right.dealId),
    );
}

/**
 * The effort is what is left of the milestone's typical days. A deal that has used them up is not one day from its proof: it is counted the
 * whole stay again, or every stuck deal would lead the list.
 */
function actionFor(deal: ActionableDeal, context: ActionContext): GapAction | null {
  const next = context.milestones[deal.milestone + 1];
  if (next === undefined || deal.amountMinor <= 0n) return null;
  const { odds, horizonDays } = context;
  const gain =
    odds.inDays(deal.milestone + 1, 0, horizonDays) - odds.inDays(deal.milestone, deal.ageDays, horizonDays);
  const gainMinor = multiplyMinor(
    deal.amountMinor,
    BigInt(Math.round(gain * CHANCE_PARTS)),
    BigInt(CHANCE_PARTS),
  );
  if (gainMinor <= 0n) return null;
  const typicalDays = context.milestones[deal.milestone]?.typicalDays ?? next.typicalDays;
  const leftDays = typicalDays - Math.max(0, deal.ageDays);
  const effortDays = Math.max(1, Math.ceil(leftDays > 0 ? leftDays : typicalDays));
  return {
    dealId: deal.dealId,
    milestone: next.key,
    gainMinor,
    effortDays,
    gainMinorPerDay: gainMinor / BigInt(effortDays),
  };
}

function compare<Value extends bigint | string>(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
