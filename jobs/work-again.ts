/** Parked work, and a person's "try again". */
import type { EffectRow } from '../src/ports/effect-store.ts';
import type { TenantStore } from '../src/ports/store.ts';

/** Makes parked work due again, with its tries and deaths counted from 0, and says in the audit log who asked; null when it is not parked. */
export async function workAgain(
  tenant: TenantStore,
  request: { readonly effectId: string; readonly by: string; readonly at: Temporal.Instant },
): Promise<EffectRow | null> {
  const { effectId, by, at } = request;
  const effect = (await tenant.effects.list({ state: 'parked' })).find(({ id }) => id === effectId);
  if (effect === undefined || !(await tenant.effects.unpark(effectId, at))) return null;
  const { kind, lastError, attempts, deaths } = effect;
  await tenant.audit.append({
    at,
    by,
    action: 'work_again',
    subject: effectId,
    before: { kind, lastError, attempts, deaths },
    after: null,
  });
  return effect;
}
