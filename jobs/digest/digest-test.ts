/** A test of a manager's digest, to the manager or to the admin: marked as one, outside the ledger, and without any link that unsubscribes. */

import type { Manager } from '../../src/core/deals/manager.ts';
import { asId, type ManagerId, type SnapshotId } from '../../src/core/values/ids.ts';
import type { Mail, MailAddress } from '../../src/ports/mailer.ts';
import type { SnapshotHeader } from '../../src/ports/snapshot-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { type Job, type JobContext, JobError, type JobRun, type NextEffect, payloadOf } from '../context.ts';
import { digestMail, domainOf } from './digest-mail.ts';
import { sendOnce } from './send-once.ts';

/** A slip of the hand is one mail; a page that is left open on a button is no way to fill a mailbox. */
const TESTS_PER_HOUR = 6;

type TestRecipient = 'manager' | 'admin';

interface TestRequest {
  readonly snapshotId: SnapshotId;
  readonly managerId: ManagerId;
  readonly to: TestRecipient;
  readonly by: string;
  readonly at: Temporal.Instant;
}

type TestAnswer = { readonly kind: 'asked'; readonly effectId: string } | { readonly kind: 'too_many' };

/** One test per recipient and minute is the same test; more than a few in an hour are refused. Commits with its audit entry. */
export async function askForTest(tenant: TenantStore, request: TestRequest): Promise<TestAnswer> {
  const { snapshotId, managerId, to, by, at } = request;
  const anHourAgo = at.subtract({ hours: 1 });
  const recent = (await tenant.effects.list({ kind: 'digest_test' })).filter(
    ({ payload }) => Temporal.Instant.compare(Temporal.Instant.from(payload['askedAt'] ?? ''), anHourAgo) > 0,
  );
  const key = `${managerId}/${to}/${Math.floor(at.epochMilliseconds / 60_000)}`;
  const same = recent.find((effect) => effect.key === key);
  if (same !== undefined) return { kind: 'asked', effectId: same.id };
  if (recent.length >= TESTS_PER_HOUR) return { kind: 'too_many' };
  const effect: NextEffect = {
    kind: 'digest_test',
    key,
    payload: { snapshotId, managerId, to, askedAt: at.toString() },
  };
  const effectId = await tenant.effects.add({ ...effect, dueAt: at });
  await tenant.audit.append({
    at,
    by,
    action: 'digest_test',
    subject: managerId,
    before: null,
    after: { to },
  });
  return { kind: 'asked', effectId };
}

export const digestTest: Job = {
  kind: 'digest_test',
  async run(context, run) {
    const snapshotId = asId<SnapshotId>(payloadOf(run.effect, 'snapshotId'));
    const header = await run.read((tenant) => tenant.snapshots.header(snapshotId));
    if (header === null) throw new JobError('SNAPSHOT_UNKNOWN', snapshotId);
    const manager = header.managers.find(({ id }) => id === payloadOf(run.effect, 'managerId'));
    if (manager === undefined) throw new JobError('MANAGER_UNKNOWN', header.id);
    const to = await recipientOf(context, run, manager);
    const mail = await run.read((tenant) => testMail(context, tenant, run, header, manager));
    const sent = await sendOnce(context, run, { ...mail, to }, run.effect.id);
    if (!sent) throw new JobError('HAND_OVER_INTERRUPTED', run.effect.id);
    return [];
  },
};

/** The address of the moment: one that was corrected since the snapshot is the one to try. */
async function recipientOf(context: JobContext, run: JobRun, manager: Manager): Promise<MailAddress> {
  if (payloadOf(run.effect, 'to') === 'admin') {
    const address = await run.read((tenant) => adminAddress(context, tenant));
    if (address === null) throw new JobError('MAIL_ADMIN_MISSING', manager.id);
    return address;
  }
  const managers = await run.read((tenant) => tenant.settings.managers());
  const now = managers.find(({ id }) => id === manager.id) ?? manager;
  return { name: now.name, address: now.email };
}

/** ALERT_EMAIL, else the company's own admin; null when nobody is named. */
export async function adminAddress(
  { alertEmail = null }: Pick<JobContext, 'alertEmail'>,
  tenant: TenantStore,
): Promise<MailAddress | null> {
  const address = alertEmail ?? (await tenant.settings.company())?.adminEmail ?? null;
  return address === null ? null : { name: '', address };
}

async function testMail(
  context: JobContext,
  tenant: TenantStore,
  run: JobRun,
  header: SnapshotHeader,
  manager: Manager,
): Promise<Mail> {
  const { tenantId } = run;
  const links: JobContext['links'] = {
    ...context.links,
    digest: (request) => {
      const page = context.links.digestPage(manager.id);
      return { ...context.links.digest(request), settings: page, unsubscribe: page, browser: page };
    },
  };
  const composer = { links, mailFrom: context.mailFrom };
  const mail = await digestMail(composer, tenant, { tenantId, header, manager, digestId: run.effect.id });
  const domain = domainOf(context.mailFrom);
  return {
    ...mail,
    subject: `[Test] ${mail.subject}`,
    messageId: `<test.${run.effect.id}@${domain}>`,
    headers: { 'List-ID': `<test.jalon.${domain}>`, 'Auto-Submitted': 'auto-generated' },
  };
}
