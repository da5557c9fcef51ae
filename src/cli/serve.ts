import { existsSync } from 'node:fs';
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { App, Services } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { loadCompanyFile } from './load-company.ts';
import { say } from './messages.ts';
import { prepareCompany } from './prepare-company.ts';
import { untilStopped } from './until-stopped.ts';
import { exitOfReport, noteUnknown } from './with-services.ts';

/** Everything in one process: pages, workers, sweep and the Monday tick. */
export async function serve(app: App, options: { readonly crm: CrmKind }): Promise<ExitCode> {
  const { terminal, config } = app;
  const { locale } = terminal;
  const file = existsSync(config.companyFile) ? loadCompanyFile(app) : null;
  const services = await app.open({ crm: options.crm });
  try {
    if (services.store.label !== null)
      terminal.note(say(locale, 'serve.evaluation', { dir: config.dataDir }));
    if (file === null) terminal.note(say(locale, 'serve.no_company', { path: config.companyFile }));
    else {
      const preparation = await prepareCompany(services, file);
      noteUnknown(app, preparation);
      await tryToReconnect(app, services, preparation.connection);
    }
    await services.startWorking({ schedule: file !== null });
    terminal.note(say(locale, 'serve.listening', { url: await services.listen() }));
    await untilStopped();
    return EXIT.ok;
  } finally {
    await services.close();
  }
}

/** A service that is started again may have been given a new token: a pull shows whether it works, and what had stopped goes on. */
async function tryToReconnect(app: App, services: Services, connection: ConnectionRow): Promise<void> {
  if (connection.state !== 'reconnect_needed') return;
  const report = await services.perform({
    kind: 'pull',
    key: `reconnect/${connection.id}/${services.context.clock.now().epochMilliseconds}`,
    payload: { connectionId: connection.id },
  });
  exitOfReport(app, report);
}
