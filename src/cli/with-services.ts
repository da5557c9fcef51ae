import type { CrmKind } from '../core/crm.ts';
import type { ConnectionRow } from '../ports/store.ts';
import type { App, PerformReport, Services } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { loadCompanyFile } from './load-company.ts';
import { say } from './messages.ts';
import { type Preparation, prepareCompany } from './prepare-company.ts';
import { watchProgress } from './progress.ts';

/** Opens the services, brings the company file in, runs the command, and closes everything whatever happened. */
export async function withCompany<T>(
  app: App,
  options: { readonly crm: CrmKind },
  work: (services: Services, connection: ConnectionRow) => Promise<T>,
): Promise<T> {
  const file = loadCompanyFile(app);
  const services = await app.open({ crm: options.crm, progress: watchProgress(app.terminal) });
  try {
    const preparation = await prepareCompany(services, file);
    noteUnknown(app, preparation);
    return await work(services, preparation.connection);
  } finally {
    app.terminal.progress('');
    await services.close();
  }
}

export function noteUnknown(app: App, { unknown }: Preparation): void {
  const { terminal } = app;
  const rows = [
    ['unknown.teams', unknown.teams],
    ['unknown.owners', unknown.owners],
    ['unknown.stages', unknown.stages],
  ] as const;
  for (const [key, names] of rows) {
    if (names.length > 0) terminal.note(say(terminal.locale, key, { names: names.join(', ') }));
  }
}

/** Tells what did not end well and turns it into the exit code: authorisation and rate limits have their own. */
export function exitOfReport(app: App, report: PerformReport): ExitCode {
  const { terminal } = app;
  let exit: ExitCode = EXIT.ok;
  for (const { kind, state, error, dueAt } of report.unfinished) {
    const values = { kind, state, error: error ?? '', due: dueAt.toString({ smallestUnit: 'second' }) };
    terminal.note(say(terminal.locale, state === 'pending' ? 'unfinished.until' : 'unfinished', values));
    exit = exitOfError(error ?? '');
  }
  return exit;
}

function exitOfError(error: string): ExitCode {
  if (/^CRM_(UNAUTHORISED|FORBIDDEN)/.test(error)) return EXIT.authorisation;
  if (/^CRM_(RATE_LIMITED|DAILY_LIMIT)/.test(error)) return EXIT.rateLimited;
  return EXIT.failed;
}
