import { type DigestStatus, digestStatus } from '../../jobs/digest/digest-status.ts';
import { entryOf } from '../../templates/errors/catalogue.ts';
import { visibleText } from '../../templates/text.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { withCompany } from './with-services.ts';

/** This week's digests with their states and reasons. Exit code 3 when one is missing after nine o'clock there: a monitor can watch it. */
export async function digestStatusCommand(
  app: App,
  options: { readonly crm: CrmKind; readonly json?: boolean },
): Promise<ExitCode> {
  return await withCompany(app, options, async ({ store, tenantId, context }, connection) => {
    const { terminal } = app;
    const statuses = await store.inTenant(tenantId, (tenant) =>
      digestStatus(tenant, connection, context.clock.now()),
    );
    if (options.json) terminal.print(JSON.stringify(statuses.map(plain)));
    else for (const status of statuses) terminal.print(lineOf(status, terminal.locale));
    const missing = statuses.filter((status) => status.missing).length;
    if (missing === 0) return EXIT.ok;
    terminal.note(say(terminal.locale, 'digest.missing', { count: missing }));
    return EXIT.partly;
  });
}

function plain({ manager, isoWeek, dueAt, row, reason, missing, chosenAt }: DigestStatus) {
  return {
    manager: manager.email,
    week: isoWeek,
    dueAt: dueAt.toString(),
    state: row?.state ?? 'none',
    reason,
    late: row?.late ?? false,
    sentAt: row?.sentAt?.toString() ?? null,
    digest: manager.digest,
    pausedUntil: manager.digestPausedUntil?.toString() ?? null,
    chosenAt: chosenAt?.toString() ?? null,
    missing,
  };
}

/** "Claire Dumas  2026-W47  sent on 16/11 at 08:00" with the sentence of the reason below it. */
function lineOf(status: DigestStatus, locale: 'fr' | 'en'): string {
  const { manager, isoWeek, row, reason, chosenAt } = status;
  const zoned = (instant: Temporal.Instant) =>
    instant
      .toZonedDateTimeISO(manager.zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
      .replace('T', ' ');
  const state = say(locale, status.missing ? 'digest.state.missing' : `digest.state.${row?.state ?? 'none'}`);
  const when = row?.sentAt ?? (row === null ? status.dueAt : null);
  const parts = [
    visibleText(manager.name),
    isoWeek,
    when === null ? state : `${state} ${zoned(when)}`,
    ...(row?.late && row.state === 'sent' ? [say(locale, 'digest.late')] : []),
  ];
  const why = reason === null ? null : (entryOf(reason)?.[locale].what ?? reason);
  const chosen = chosenAt === null ? null : say(locale, 'digest.chosen', { at: zoned(chosenAt) });
  const below = [why === null ? null : `${reason}: ${why}`, chosen].filter((line) => line !== null);
  return [parts.join('  '), ...below.map((line) => `    ${line}`)].join('\n');
}
