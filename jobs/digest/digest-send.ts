/**
 * Sends one digest, at most once. The ledger row goes planned -> claimed -> handing_over -> sent; `handing_over` is committed just before the
 * mail server gets the message, so a crash after it can only leave `uncertain`, which no machine ever sends again.
 */

import type { Manager } from '../../src/core/deals/manager.ts';
import type { DigestRow } from '../../src/ports/digest-store.ts';
import type { MailAddress, MailOutcome } from '../../src/ports/mailer.ts';
import type { SnapshotHeader } from '../../src/ports/snapshot-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { type Job, type JobContext, JobDelayed, JobError, type JobRun, payloadOf } from '../context.ts';
import { inLane } from './digest-lane.ts';
import { digestMail } from './digest-mail.ts';
import { dueOf, isLate, refusalOf } from './digest-week.ts';

/** Composing takes milliseconds and the mail server is given seconds; a worker silent for longer is dead. A mail that waits for its turn is not claimed yet. */
const LEASE_MS = 60_000;

export const digestSend: Job = {
  kind: 'digest_send',
  async run(context, run) {
    const digestId = payloadOf(run.effect, 'digestId');
    return await inLane(context.mailer, () => sendOne(context, run, digestId));
  },
};

/** Claim, hand-over and close of one mail, before the next one is claimed. */
async function sendOne(context: JobContext, run: JobRun, digestId: string): Promise<[]> {
  const row = await run.commit((tenant) => tenant.digests.claim(digestId, context.clock.now(), LEASE_MS));
  if (row === null) return await nothingToSend(run, digestId);
  const { header, manager } = await subjectOf(run, row);
  const { tenantId } = run;
  const mail = await run.read((tenant) =>
    digestMail(context, tenant, { tenantId, header, manager, digestId: row.id }),
  );
  const recipient = await run.commit((tenant) => handOver(context, run, tenant, row));
  if (recipient === null) return [];
  const outcome = await context.mailer.send({ ...mail, to: recipient });
  await close(context, run, row, outcome);
  context.progress({ job: 'digest_send', connectionId: row.connectionId, done: 1, unit: 'mails' });
  return [];
}

/** Sent, skipped or uncertain is the end of it; a row held by another worker, or just given back by one, is not. */
async function nothingToSend(run: JobRun, digestId: string): Promise<[]> {
  const row = await run.read((tenant) => tenant.digests.get(digestId));
  const open = row?.state === 'planned' || row?.state === 'claimed' || row?.state === 'handing_over';
  // Somebody else, perhaps dead, holds the row: look again when the lease has run out.
  if (open) throw new JobDelayed('DIGEST_HELD', digestId);
  return [];
}

async function subjectOf(run: JobRun, row: DigestRow): Promise<{ header: SnapshotHeader; manager: Manager }> {
  const header = await run.read((tenant) => tenant.snapshots.header(row.snapshotId));
  if (header === null) throw new JobError('SNAPSHOT_UNKNOWN', row.snapshotId);
  const manager = header.managers.find((candidate) => candidate.id === row.managerId);
  if (manager === undefined) throw new JobError('MANAGER_UNKNOWN', header.id);
  return { header, manager };
}

/**
 * The last moment at which the mail can be held back: a choice made since the snapshot holds, an address corrected since is the one used.
 * Null when it is not to be sent, and the row then says why; or when another worker has taken the row.
 */
async function handOver(
  context: JobContext,
  run: JobRun,
  tenant: TenantStore,
  { id, fence, isoWeek, managerId }: DigestRow,
): Promise<MailAddress | null> {
  const now = context.clock.now();
  const manager = (await tenant.settings.managers()).find((one) => one.id === managerId) ?? null;
  const byHand = run.effect.payload['send'] === 'now';
  const due = dueOf(isoWeek, manager, now);
  const reason = byHand ? refusalOf(isoWeek, manager) : due.kind === 'skip' ? due.reason : null;
  if (manager === null || reason !== null) {
    await tenant.digests.drop(id, fence, { reason: reason ?? 'digest_off', late: reason === 'late' });
    return null;
  }
  const ours = await tenant.digests.handOver(id, fence, isLate(isoWeek, manager.zone, now));
  return ours ? { name: manager.name, address: manager.email } : null;
}

const STATE: Readonly<Record<MailOutcome['kind'], 'sent' | 'uncertain' | 'failed' | 'planned'>> = {
  sent: 'sent',
  uncertain: 'uncertain',
  refused: 'failed',
  unsent: 'planned',
};

async function close(context: JobContext, run: JobRun, row: DigestRow, outcome: MailOutcome): Promise<void> {
  const reason = outcome.kind === 'sent' ? null : outcome.code;
  // Not `run.commit`: the mail has left, and its fate is recorded even if the lease on the effect ran out meanwhile. The row's own fence guards it.
  await run.read((tenant) =>
    tenant.digests.close(row.id, row.fence, STATE[outcome.kind], { reason, at: context.clock.now() }),
  );
  context.logger.info('digest closed', { digest: row.id, state: STATE[outcome.kind], code: reason });
  if (outcome.kind === 'unsent') throw new JobDelayed(outcome.code, row.id);
}
