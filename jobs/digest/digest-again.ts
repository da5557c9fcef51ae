/** A person asks for a digest once more. The ledger keeps one row per week; what became of the attempt before is kept in the audit log. */
import type { DigestRow, DigestState } from '../../src/ports/digest-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import type { NextEffect } from '../context.ts';
import { sendNowEffect } from './digest-plan.ts';
import { refusalOf } from './digest-week.ts';

/**
 * `confirm`: a mail left, or may have: a second one needs an explicit yes. `busy`: it is being sent at this moment. `unwanted`: the manager
 * has turned it off or paused it, or is one no more. `changed`: somebody else asked in the same moment.
 */
type AgainRefusal = 'confirm' | 'busy' | 'unwanted' | 'changed';

export type AgainAnswer =
  | { readonly kind: 'send'; readonly effect: NextEffect }
  | { readonly kind: 'refused'; readonly why: AgainRefusal };

export interface AgainRequest {
  readonly row: DigestRow;
  readonly by: string;
  readonly at: Temporal.Instant;
  /** A person has read what became of the first mail and wants a second one all the same. */
  readonly yes: boolean;
}

/** A week without a mail may have its first one for the asking; what left, may have left, or was refused for good needs a yes. */
const NEEDS_YES: readonly DigestState[] = ['sent', 'uncertain', 'failed'];

export async function sendAgain(tenant: TenantStore, request: AgainRequest): Promise<AgainAnswer> {
  const { row, by, at, yes } = request;
  const manager = (await tenant.settings.managers()).find(({ id }) => id === row.managerId) ?? null;
  if (refusalOf(row.isoWeek, manager) !== null) return { kind: 'refused', why: 'unwanted' };
  if (row.state === 'planned') return { kind: 'send', effect: sendNowEffect(row) };
  if (row.state === 'claimed' || row.state === 'handing_over') return { kind: 'refused', why: 'busy' };
  if (NEEDS_YES.includes(row.state) && !yes) return { kind: 'refused', why: 'confirm' };
  const opened = await tenant.digests.reopen(row.id, row.fence);
  if (opened === null) return { kind: 'refused', why: 'changed' };
  await tenant.audit.append({
    at,
    by,
    action: 'digest_again',
    subject: row.id,
    before: { state: row.state, reason: row.reason, sentAt: row.sentAt, late: row.late },
    after: { state: opened.state },
  });
  return { kind: 'send', effect: sendNowEffect(opened) };
}
