import { errorLine } from '../../templates/errors/catalogue.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { App, PerformReport, Services } from './app.ts';
import { codedText } from './coded-text.ts';
import { EXIT, type ExitCode, exitOfCode, gravest } from './exit-codes.ts';
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

/** Tells what did not end well, and when it goes on; the gravest decides the exit code. */
export function exitOfReport({ terminal }: App, report: PerformReport): ExitCode {
  const { locale } = terminal;
  const exits = report.unfinished.map(({ kind, state, error, dueAt }): ExitCode => {
    // Nothing went wrong: the rest of the work has its own time, and whoever asked for it says what it is.
    if (error === null && state === 'pending') return EXIT.partly;
    const { code, place } = codedText(error ?? '');
    terminal.note(errorLine(code, locale, place));
    const due = dueAt.toString({ smallestUnit: 'second' });
    terminal.note(
      state === 'pending'
        ? say(locale, 'unfinished.until', { kind, due })
        : say(locale, 'unfinished.parked', { kind }),
    );
    return exitOfCode(code);
  });
  return gravest(exits);
}
