/**
 * A Monday without a mail must not go by in silence: after nine o'clock there, a manager with neither a mail nor a reason is told to the
 * admin, once a week; and a Monday on which everybody had theirs is told to a monitor, which raises the alarm when it hears nothing.
 */

import type { Manager } from '../../src/core/deals/manager.ts';
import { asId, type ConnectionId } from '../../src/core/values/ids.ts';
import type { ConnectionRow } from '../../src/ports/connection-store.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { missingDigestsMail } from '../../templates/alert/missing-digests.ts';
import { type Job, type JobContext, JobDelayed, JobError, type NextEffect, payloadOf } from '../context.ts';
import { domainOf } from './digest-mail.ts';
import { type DigestStanding, digestStandings, standingsOf, weekOf } from './digest-status.ts';
import { adminAddress } from './digest-test.ts';
import { isBefore, isLate } from './digest-week.ts';
import { sendOnce } from './send-once.ts';

const HOUR_MS = 3_600_000;

/** A week that ended this way had what its manager wants: a mail, or none on purpose. */
const WELL_SKIPPED: ReadonlySet<string | null> = new Set(['digest_off', 'paused', 'nothing_to_tell']);

/** Asked at every tick. An alert that found nothing missing any more is looked for again in the next hour. */
export async function alarms(
  context: JobContext,
  tenant: TenantStore,
  connection: ConnectionRow,
  managers: readonly Manager[],
  now: Temporal.Instant,
): Promise<NextEffect[]> {
  // Before nine everywhere nothing can be missing, and no Monday is over.
  if (!managers.some((manager) => isLate(weekOf(manager, now), manager.zone, now))) return [];
  const standings = await standingsOf(tenant, connection, managers, now);
  const [first] = standings;
  if (first === undefined) return [];
  const payload = { connectionId: connection.id };
  const missing = standings.find((standing) => standing.missing);
  if (missing !== undefined) {
    const hour = Math.floor(now.epochMilliseconds / HOUR_MS);
    const key = `${connection.id}/${missing.isoWeek}/${hour}`;
    return [{ kind: 'digest_alert', key, payload: { ...payload, isoWeek: missing.isoWeek } }];
  }
  const wentWell = standings.every((standing) => standing.isoWeek === first.isoWeek && isWell(standing, now));
  if (context.heartbeat === undefined || !wentWell) return [];
  return [{ kind: 'heartbeat', key: `${connection.id}/${first.isoWeek}`, payload }];
}

function isWell({ row, reason, dueAt }: DigestStanding, now: Temporal.Instant): boolean {
  if (isBefore(now, dueAt)) return false;
  if (row === null || row.state === 'planned')
    return reason === 'skip.digest_off' || reason === 'skip.paused';
  return row.state === 'sent' || (row.state === 'skipped' && WELL_SKIPPED.has(row.reason));
}

/** The mail to the admin: at most one per company and week, whatever dies in between. */
export const digestAlert: Job = {
  kind: 'digest_alert',
  async run(context, run) {
    const connectionId = asId<ConnectionId>(payloadOf(run.effect, 'connectionId'));
    const isoWeek = payloadOf(run.effect, 'isoWeek');
    const facts = await run.read(async (tenant) => {
      const connection = await tenant.connections.get(connectionId);
      if (connection === null) return null;
      const standings = await digestStandings(tenant, connection, context.clock.now());
      const missing = standings.filter((standing) => standing.missing && standing.isoWeek === isoWeek);
      const to = await adminAddress(context, tenant);
      return { connection, missing, to, company: await tenant.settings.company() };
    });
    if (facts === null || facts.missing.length === 0) return [];
    const { connection, missing, to, company } = facts;
    if (to === null) throw new JobError('MAIL_ADMIN_MISSING', connectionId);
    const words = missingDigestsMail({
      locale: company?.locale ?? 'en',
      company: connection.label,
      isoWeek,
      page: context.links.digestPage(null),
      missing: missing.map(({ manager, reason }) => ({ name: manager.name, reason })),
    });
    const domain = domainOf(context.mailFrom);
    const mail = {
      ...words,
      from: context.mailFrom,
      to,
      messageId: `<alert.${run.effect.id}@${domain}>`,
      headers: { 'List-ID': `<alert.jalon.${domain}>`, 'Auto-Submitted': 'auto-generated' },
    };
    await sendOnce(context, run, mail, `digest_alert/${connectionId}/${isoWeek}`);
    return [];
  },
};

/** Twice is as good as once: a monitor only counts silence. */
export const heartbeat: Job = {
  kind: 'heartbeat',
  async run(context, run) {
    const answered = await context.heartbeat?.(run.signal);
    if (answered === false) throw new JobDelayed('DIGEST_MONITOR_SILENT', run.effect.key);
    return [];
  },
};
