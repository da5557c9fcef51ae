/** One manager's week for the digest page: the ledger's rows, and the mail composed from what that week froze. */
import { digestMail } from '../../jobs/digest/digest-mail.ts';
import { digestModelOf } from '../../jobs/digest/digest-model.ts';
import { digestWords } from '../../templates/digest/sizes.ts';
import type { Manager } from '../core/deals/manager.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import { isoWeekOf } from '../core/values/calendar.ts';
import type { SnapshotId } from '../core/values/ids.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { DigestRow } from '../ports/digest-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { ComposedMail, Preview, ShownView } from '../web/digests/digest-page-input.ts';
import type { HttpContext } from './context.ts';

interface Asked {
  readonly managerId: string | null;
  readonly isoWeek: string | null;
  readonly view: Preview;
  readonly mailIn: Locale | null;
}

/** Null while there is no manager. Without a week the newest of the ledger, else of the snapshots. */
export async function shownDigest(
  context: HttpContext,
  tenant: TenantStore,
  connection: ConnectionRow,
  asked: Asked,
): Promise<ShownView | null> {
  const managers = await tenant.settings.managers();
  const manager = managers.find(({ id }) => id === asked.managerId) ?? managers[0];
  if (manager === undefined) return null;
  const rows = (await tenant.digests.list(connection.id)).filter((row) => row.managerId === manager.id);
  const snapshots = (await tenant.snapshots.list(connection.id)).toReversed();
  const newest = rows[0]?.isoWeek ?? isoWeekOf(snapshots[0]?.asOf ?? today(context, manager));
  const isoWeek = asked.isoWeek ?? newest;
  const row = rows.find((one) => one.isoWeek === isoWeek) ?? null;
  const ofWeek = snapshots.find(({ id, asOf }) =>
    row === null ? isoWeekOf(asOf) === isoWeek : id === row.snapshotId,
  );
  const mail = ofWeek === undefined ? null : await compose(context, tenant, ofWeek.id, manager, row, asked);
  const lastTest = await lastTestOf(tenant, manager);
  return { manager, isoWeek, row, rows, view: asked.view, mailIn: asked.mailIn, mail, lastTest };
}

function today({ clock }: HttpContext, { zone }: Manager): Temporal.PlainDate {
  return clock.now().toZonedDateTimeISO(zone).toPlainDate();
}

/** Null when the manager was not one in that week. */
async function compose(
  context: HttpContext,
  tenant: TenantStore,
  snapshotId: SnapshotId,
  shown: Manager,
  row: DigestRow | null,
  { view, mailIn }: Asked,
): Promise<ComposedMail | null> {
  const { tenantId, links, config, mailSource } = context;
  const header = await tenant.snapshots.header(snapshotId);
  const then = header?.managers.find(({ id }) => id === shown.id);
  if (header === null || then === undefined) return null;
  const manager = { ...then, locale: mailIn ?? then.locale };
  const subject = { tenantId, header, manager, digestId: row?.id ?? 'preview' };
  const composer = { links, mailFrom: { name: 'Jalon', address: config.mailFrom } };
  const mail = await digestMail(composer, tenant, subject);
  const source = view === 'source' ? new TextDecoder().decode(await mailSource(mail)) : null;
  const words = digestWords(await digestModelOf(tenant, links, subject));
  return {
    subject: mail.subject,
    text: mail.text,
    source,
    words,
    htmlBytes: Buffer.byteLength(mail.html),
    asOf: header.asOf,
  };
}

const LAST_TEST = { pending: 'waiting', claimed: 'waiting', done: 'sent', parked: 'stopped' } as const;

async function lastTestOf(tenant: TenantStore, { id }: Manager): Promise<ShownView['lastTest']> {
  const tests = (await tenant.effects.list({ kind: 'digest_test' }))
    .filter(({ payload }) => payload['managerId'] === id)
    .sort((left, right) => ((left.payload['askedAt'] ?? '') < (right.payload['askedAt'] ?? '') ? 1 : -1));
  const [last] = tests;
  if (last === undefined) return null;
  const state = LAST_TEST[last.state];
  const reason = state === 'sent' ? null : (last.lastError?.split(':')[0] ?? null);
  return { state, reason };
}
