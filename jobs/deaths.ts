/** Work that ends its process without a word (memory, a fault of the engine) would do so for ever: it has few lives, and the last ones alone. */
import type { EffectRow } from '../src/ports/effect-store.ts';
import { JobBusy, JobError, type JobRun } from './context.ts';
import { spread } from './one-at-a-time.ts';

/** With leases of 45 s, about four minutes; then a person looks. */
const LIVES = 5;
/** From here on it may be what kills: it runs with nothing beside it, so that no neighbour dies with it and is blamed. */
const ALONE_FROM = 3;
const SHORTEST_WAIT_MS = 5_000;

/** Call before the job. Throws EFFECT_CRASHED when its lives are used up, JobBusy while it has to wait for others to end. */
export async function spareOthers(
  { effect, read }: Pick<JobRun, 'effect' | 'read'>,
  now: Temporal.Instant,
): Promise<void> {
  if (effect.deaths >= LIVES) throw new JobError('EFFECT_CRASHED', `${effect.kind}, ${effect.deaths}`);
  if (effect.deaths < ALONE_FROM) return;
  const claimed = await read((tenant) => tenant.effects.list({ state: 'claimed' }));
  if (claimed.some((other) => other.id !== effect.id && isHeld(other, now)))
    throw new JobBusy(SHORTEST_WAIT_MS + spread(effect.id));
}

function isHeld({ leaseUntil }: EffectRow, now: Temporal.Instant): boolean {
  return leaseUntil !== null && Temporal.Instant.compare(leaseUntil, now) > 0;
}
