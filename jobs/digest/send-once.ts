/**
 * A mail that has no row in the digest ledger, sent at most once per subject. The audit log holds "handing over" before the mail server is
 * asked: a run that finds it without "not accepted" after it does not know what became of the mail, and leaves it to a person.
 */
import type { Mail } from '../../src/ports/mailer.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { type JobContext, JobDelayed, JobError, type JobRun } from '../context.ts';
import { inLane } from './digest-lane.ts';

const BEGUN = 'mail_handing_over';
const NOT_ACCEPTED = 'mail_not_accepted';
/** More tries of one mail than this there are not. */
const ENTRIES = 100;

/**
 * `subject` is what may have one mail: an effect, or a company's week. False when it has had its mail, or may have.
 * Throws JobDelayed when the mail provably did not leave, JobError when it was refused or nobody can know.
 */
export async function sendOnce(
  context: JobContext,
  run: JobRun,
  mail: Mail,
  subject: string,
): Promise<boolean> {
  return await inLane(context.mailer, async () => {
    if (!(await run.commit((tenant) => begin(context, tenant, subject)))) return false;
    const outcome = await context.mailer.send(mail);
    if (outcome.kind === 'sent') return true;
    if (outcome.kind !== 'unsent') throw new JobError(outcome.code, run.effect.id);
    await run.read((tenant) => note(context, tenant, NOT_ACCEPTED, subject));
    throw new JobDelayed(outcome.code, run.effect.id);
  });
}

async function begin(context: JobContext, tenant: TenantStore, subject: string): Promise<boolean> {
  const entries = await tenant.audit.list(ENTRIES, subject);
  const count = (wanted: string) => entries.filter(({ action }) => action === wanted).length;
  if (count(BEGUN) > count(NOT_ACCEPTED)) return false;
  await note(context, tenant, BEGUN, subject);
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
