import type { ConnectionId } from '../values/ids.ts';

/** What jobs/write-back leaves in the outbox when the CRM's budget of the day is used up. */
interface WaitingEffect {
  readonly kind: string;
  readonly payload: Readonly<Record<string, string>>;
}

/** Deals whose values wait for the budget of tomorrow. Two runs of one day were told of the same deals: the larger figure counts. */
export function postponedDeals(waiting: readonly WaitingEffect[], connectionId: ConnectionId): number {
  const counts = waiting
    .filter(({ kind, payload }) => kind === 'write_back' && payload['connectionId'] === connectionId)
    .map(({ payload }) => wholeNumber(payload['postponed']));
  return Math.max(0, ...counts);
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
