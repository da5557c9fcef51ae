import { writeFileSync } from 'node:fs';
import { digestModelOf } from '../../jobs/digest/digest-model.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import { errorLine } from '../../templates/errors/catalogue.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { App } from './app.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { exitOfReport, withCompany } from './with-services.ts';

export interface DigestPreviewOptions {
  readonly crm: CrmKind;
  readonly manager?: string;
  readonly lang?: 'fr' | 'en';
  readonly out?: string;
  readonly json?: boolean;
}

/** The mail of the latest snapshot as it would be sent, to the terminal or to a file. */
export async function digestPreview(app: App, options: DigestPreviewOptions): Promise<ExitCode> {
  return await withCompany(app, options, async ({ store, tenantId, context }, connection) => {
    const { terminal } = app;
    const model = await store.inTenant(tenantId, async (tenant) => {
      const header = await tenant.snapshots.latest(connection.id);
      const wanted = options.manager?.toLowerCase();
      const manager = header?.managers.find(
        (candidate) => wanted === undefined || candidate.email.toLowerCase() === wanted,
      );
      if (header === null)
        throw new CommandError([errorLine('SNAPSHOT_MISSING', terminal.locale)], EXIT.failed);
      if (manager === undefined)
        throw new CommandError([errorLine('MANAGER_UNKNOWN', terminal.locale, options.manager)], EXIT.failed);
      return await digestModelOf(tenant, context.links, { tenantId, header, manager, digestId: 'preview' });
    });
    const mail = renderDigest({ ...model, locale: options.lang ?? model.locale });
    if (options.out !== undefined) {
      writeFileSync(options.out, mail.html);
      terminal.note(say(terminal.locale, 'digest.saved', { path: options.out }));
    } else terminal.print(options.json ? JSON.stringify(mail) : `${mail.subject}\n\n${mail.text}`);
    return EXIT.ok;
  });
}

/** Plans and sends this week's digests from the latest snapshot. Who has had theirs gets no second one. */
export async function digestSend(
  app: App,
  options: { readonly crm: CrmKind; readonly json?: boolean },
): Promise<ExitCode> {
  return await withCompany(app, options, async (services, connection) => {
    const { store, tenantId, context } = services;
    const header = await store.inTenant(tenantId, (tenant) => tenant.snapshots.latest(connection.id));
    if (header === null)
      throw new CommandError([errorLine('SNAPSHOT_MISSING', app.terminal.locale)], EXIT.failed);
    const report = await services.perform({
      kind: 'digest_plan',
      key: `command/${header.id}/${context.clock.now().epochMilliseconds}`,
      payload: { connectionId: connection.id, snapshotId: header.id, send: 'now' },
    });
    const rows = (await store.inTenant(tenantId, (tenant) => tenant.digests.list(connection.id))).filter(
      (row) => row.snapshotId === header.id,
    );
    const results = rows.map(({ managerId, isoWeek, state, reason }) => ({
      manager: managerId,
      week: isoWeek,
      state,
      reason,
    }));
    if (options.json) app.terminal.print(JSON.stringify(results));
    else
      for (const { manager, week, state, reason } of results) {
        app.terminal.print(say(app.terminal.locale, 'digest.sent', { manager, week, state }));
        if (reason !== null) app.terminal.note(reasonLine(reason, app.terminal.locale));
      }
    const exit = exitOfReport(app, report);
    const incomplete = rows.some((row) => row.state === 'failed' || row.state === 'uncertain');
    return exit === EXIT.ok && incomplete ? EXIT.partly : exit;
  });
}

/** A week without a mail has either a reason of ours (`skip.*`) or the code of what failed. */
function reasonLine(reason: string, locale: 'fr' | 'en'): string {
  return errorLine(/^[A-Z]/.test(reason) ? reason : `skip.${reason}`, locale);
}
