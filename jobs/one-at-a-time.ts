/** Two readings of one account would move each other's cursor, two write-backs would write the same values twice: the second waits. */
import type { ConnectionId } from '../src/core/values/ids.ts';
import { JobBusy, type JobRun } from './context.ts';

/** These land deals: while a reading of everything marks what it has seen, nobody else may. */
const READERS: readonly string[] = ['pull', 'webhooks'];

/** Different for each effect, so that two that met do not meet again. */
const SHORTEST_WAIT_MS = 15_000;
const WAIT_SPREAD_MS = 30_000;

/**
 * Call first. Whoever finds another run of its kind on the connection gives way: one that is at work never looks again, so it is not
 * disturbed. A run that died holds the place until its lease ends and the sweep has finished its work.
 */
export async function waitForTurn(run: JobRun, connectionId: ConnectionId): Promise<void> {
  const { id, kind } = run.effect;
  const alike = READERS.includes(kind) ? READERS : [kind];
  const claimed = await run.read(async (tenant) =>
    (await tenant.effects.list({ state: 'claimed' })).filter((effect) => alike.includes(effect.kind)),
  );
  const other = claimed.find((effect) => effect.id !== id && effect.payload['connectionId'] === connectionId);
  if (other !== undefined) throw new JobBusy(SHORTEST_WAIT_MS + spread(id));
}

/** The same for the same effect, milliseconds below WAIT_SPREAD_MS. */
export function spread(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % WAIT_SPREAD_MS;
  return sum;
}
