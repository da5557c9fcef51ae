import { type AgainAnswer, sendAgain } from '../../jobs/digest/digest-again.ts';
import { entryOf, errorLine } from '../../templates/errors/catalogue.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { DigestRow } from '../ports/digest-store.ts';
import type { TenantStore } from '../ports/store.ts';
import type { App } from './app.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { exitOfReport, withCompany } from './with-services.ts';

export interface DigestAgainOptions {
  readonly crm: CrmKind;
  /** Address of the manager. */
  readonly again: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Sends a manager's latest digest once more. Where a mail left or may have left, only with --yes. */
export async function digestAgain(app: App, options: DigestAgainOptions): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { store, tenantId, context } = services;
    const { terminal } = app;
    const request = { by: 'command line', at: context.clock.now(), yes: options.yes === true };
    const asked = await store.inTenant(tenantId, async (tenant) => {
      const row = await latestOf(tenant, connection.id, options.again);
      return row === null ? null : { row, answer: await sendAgain(tenant, { row, ...request }) };
    });
    if (asked === null)
      throw new CommandError([errorLine('MANAGER_UNKNOWN', terminal.locale, options.again)], EXIT.failed);
    if (asked.answer.kind === 'refused') return refused(app, asked.row, asked.answer);
    const report = await services.perform(asked.answer.effect);
    const row = await store.inTenant(tenantId, (tenant) => tenant.digests.get(asked.row.id));
    const result = { manager: options.again, week: asked.row.isoWeek, state: row?.state ?? 'planned' };
    if (options.json) terminal.print(JSON.stringify({ ...result, reason: row?.reason ?? null }));
    else terminal.print(say(terminal.locale, 'digest.sent', result));
    const exit = exitOfReport(app, report);
    return exit === EXIT.ok && row?.state !== 'sent' ? EXIT.partly : exit;
  });
}

async function latestOf(
  tenant: TenantStore,
  connectionId: DigestRow['connectionId'],
  email: string,
): Promise<DigestRow | null> {
  const wanted = email.toLowerCase();
  const manager = (await tenant.settings.managers()).find((one) => one.email.toLowerCase() === wanted);
  const rows = manager === undefined ? [] : await tenant.digests.list(connectionId);
  return rows.find(({ managerId }) => managerId === manager?.id) ?? null;
}

/** Says what became of the first mail: that is what a yes must rest on. */
function refused(
  { terminal }: App,
  row: DigestRow,
  { why }: Extract<AgainAnswer, { readonly kind: 'refused' }>,
): ExitCode {
  const { locale } = terminal;
  const reason = row.reason === null ? null : entryOf(row.reason);
  terminal.note(
    say(locale, `again.${why}`, { week: row.isoWeek, state: say(locale, `digest.state.${row.state}`) }),
  );
  if (reason !== null) terminal.note(`${row.reason}: ${reason[locale].what}.`);
  return EXIT.failed;
}
