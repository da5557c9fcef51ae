import { existsSync } from 'node:fs';
import type { CrmKind } from '../core/crm.ts';
import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { loadCompanyFile } from './load-company.ts';
import { say } from './messages.ts';
import { prepareCompany } from './prepare-company.ts';
import { untilStopped } from './until-stopped.ts';
import { noteUnknown } from './with-services.ts';

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
    else noteUnknown(app, await prepareCompany(services, file));
    await services.startWorking({ schedule: file !== null });
    terminal.note(say(locale, 'serve.listening', { url: await services.listen() }));
    await untilStopped();
    return EXIT.ok;
  } finally {
    await services.close();
  }
}
