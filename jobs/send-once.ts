/**
 * A mail that has no row in the digest ledger, sent at most once per effect. The audit log holds "handing over" before the mail server is
 * asked: a run that finds it without "not accepted" after it does not know what became of the mail, and leaves it to a person.
 */
import type { Mail } from '../src/ports/mailer.ts';
import type { TenantStore } from '../src/ports/store.ts';
import { type JobContext, JobDelayed, JobError, type JobRun } from './context.ts';
import { inLane } from './digest-lane.ts';

const BEGUN = 'mail_handing_over';
const NOT_ACCEPTED = 'mail_not_accepted';
const ENTRIES = 5_000;

/** Throws JobDelayed when the mail provably did not leave, JobError when it was refused or nobody can know. */
export async function sendOnce(context: JobContext, run: JobRun, mail: Mail): Promise<void> {
  await inLane(context.mailer, async () => {
    const { id } = run.effect;
    const free = await run.commit((tenant) => begin(context, tenant, id));
    if (!free) throw new JobError('HAND_OVER_INTERRUPTED', id);
    const outcome = await context.mailer.send(mail);
    if (outcome.kind === 'sent') return;
    if (outcome.kind !== 'unsent') throw new JobError(outcome.code, id);
    await run.read((tenant) => note(context, tenant, NOT_ACCEPTED, id));
    throw new JobDelayed(outcome.code, id);
  });
}

async function begin(context: JobContext, tenant: TenantStore, effectId: string): Promise<boolean> {
  const entries = (await tenant.audit.list(ENTRIES)).filter(({ subject }) => subject === effectId);
  const count = (wanted: string) => entries.filter(({ action }) => action === wanted).length;
  if (count(BEGUN) > count(NOT_ACCEPTED)) return false;
  await note(context, tenant, BEGUN, effectId);
  return true;
}

async function note(
  { clock }: JobContext,
  tenant: TenantStore,
  action: string,
  subject: string,
): Promise<void> {
  await tenant.audit.append({ at: clock.now(), by: 'jalon', action, subject, before: null, after: null });
}
