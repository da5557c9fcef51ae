/** A token that a CRM no longer accepts: the connection waits for a person, and what was parked because of it goes on when a new token works. */
import { asId, type ConnectionId } from '../src/core/values/ids.ts';
import type { ConnectionRow } from '../src/ports/connection-store.ts';
import type { EffectRow } from '../src/ports/effect-store.ts';
import type { TenantStore } from '../src/ports/store.ts';

/** In the transaction that parks `effect`. A paused connection stays paused: a person decided that. */
export async function askForReconnection(tenant: TenantStore, effect: EffectRow): Promise<void> {
  const id = effect.payload['connectionId'];
  const connection = id === undefined ? null : await tenant.connections.get(asId<ConnectionId>(id));
  if (connection?.state === 'active')
    await tenant.connections.save({ ...connection, state: 'reconnect_needed' });
}

/** After a pull that worked: what the old token had stopped is due again. A plain pull is not: one has just ended. */
export async function resumeAfterReconnection(
  tenant: TenantStore,
  connection: ConnectionRow,
  now: Temporal.Instant,
): Promise<void> {
  if (connection.state !== 'reconnect_needed') return;
  for (const effect of await tenant.effects.list({ state: 'parked' })) {
    const stopped = effect.lastError?.startsWith('CRM_UNAUTHORISED') === true;
    const plainPull = effect.kind === 'pull' && effect.payload['asOf'] === undefined;
    if (stopped && !plainPull && effect.payload['connectionId'] === connection.id)
      await tenant.effects.unpark(effect.id, now);
  }
}
