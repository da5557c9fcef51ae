/** The Monday run on a local CRM, from an empty database to the digest in a mailbox. What `npm run demo` does. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoWeekOf } from '../core/values/calendar.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { App, MailSinkHandle, SandboxHandle, Services } from './app.ts';
import { type DemoReport, type DemoRun, readReport, reportLines } from './demo-report.ts';
import type { ExitCode } from './exit-codes.ts';
import { companyFrom } from './load-company.ts';
import { say } from './messages.ts';
import { plainJson } from './plain-json.ts';
import { prepareCompany } from './prepare-company.ts';
import { watchProgress } from './progress.ts';
import { untilStopped } from './until-stopped.ts';
import { exitOfReport } from './with-services.ts';

export interface DemoOptions {
  readonly crm: CrmKind;
  readonly log?: string;
  readonly asOf?: Temporal.PlainDate;
  /** Mondays in a row, the last of them at `asOf`. */
  readonly weeks: number;
  readonly lang?: 'fr' | 'en';
  readonly once?: boolean;
  /** Also without a terminal: for a container, or a browser that looks at the pages. */
  readonly stay?: boolean;
  readonly data?: string;
  readonly port: number;
  readonly json?: boolean;
}

/**
 * A real log on Pipedrive takes a call per deal for its history, 13,000 in all, and waits for the limit of calls per second most of the time.
 * There the local CRM counts seconds faster; the product keeps to the limit that it is told, and makes the same calls.
 */
const LOG_BURST_SPEED = 10;

function burstSpeedOf({ crm, log }: DemoOptions): number {
  return crm === 'pipedrive' && log !== undefined ? LOG_BURST_SPEED : 1;
}

/** Long enough for the search index of the CRM to have caught up: the second run must find our own echo and nothing else. */
const BETWEEN_RUNS = Temporal.Duration.from({ hours: 1 });

export async function demo(app: App, options: DemoOptions): Promise<ExitCode> {
  const { terminal } = app;
  terminal.note(
    say(terminal.locale, 'demo.starting', {
      crm: { hubspot: 'HubSpot', pipedrive: 'Pipedrive' }[options.crm],
    }),
  );
  const folder = options.data ?? mkdtempSync(join(tmpdir(), 'jalon-demo-'));
  // Whatever fails on the way, what was opened before it is closed, last opened first: the process must end.
  await using open = new AsyncDisposableStack();
  open.defer(async () => terminal.progress(''));
  const mails = await app.startMailSink(join(folder, 'mails'));
  open.defer(() => mails.close());
  const account = await app.startSandbox({
    crm: options.crm,
    locale: options.lang ?? terminal.locale,
    log: options.log ?? null,
    asOf: options.asOf ?? null,
    weeksBefore: options.weeks - 1,
    journalFile: join(folder, 'crm-journal.jsonl'),
    burstSpeed: burstSpeedOf(options),
  });
  open.defer(() => account.close());
  // Counted from the start of the process.
  const untilSandboxMs = performance.now();
  const services = await app.open({
    crm: options.crm,
    dataDir: join(folder, 'database'),
    clock: account.clock,
    smtpUrl: mails.url,
    account: { baseUrl: account.url, token: account.token },
    progress: watchProgress(terminal),
  });
  open.defer(() => services.close());
  const floorMb = residentMb();
  const url = await services.listen(options.port);
  await services.startWorking({ schedule: false });
  const connection = await prepare(app, services, account);
  let livedMs = 0;
  for (let before = options.weeks - 1; before > 0; before -= 1) {
    await mondayRun(app, services, connection, account, before);
    livedMs += account.liveOneWeek().total('millisecond');
  }
  const first = await mondayRun(app, services, connection, account);
  const again = await secondRun(app, services, connection, account, mails);
  const report = await readReport({
    services,
    connection,
    account,
    mails,
    first,
    again,
    untilSandboxMs,
    livedMs,
    floorMb,
    burstSpeed: burstSpeedOf(options),
    url,
    folder,
  });
  for (const line of options.json
    ? [plainJson(report)]
    : reportLines(report, sourceOf(app, options), terminal.locale))
    terminal.print(line);
  if (options.stay || (terminal.interactive && !options.once)) {
    terminal.note(say(terminal.locale, 'demo.stay'));
    await untilStopped();
  }
  return first.exit;
}

/** The demo has seen its plan: the account is ours, so it may be written to. */
async function prepare(app: App, services: Services, account: SandboxHandle): Promise<ConnectionRow> {
  const file = companyFrom(app, account.companyYaml, 'company.yaml');
  const { connection } = await prepareCompany(services, {
    ...file,
    company: { ...file.company, writeBack: 'on' },
  });
  return connection;
}

async function mondayRun(
  app: App,
  services: Services,
  connection: ConnectionRow,
  account: SandboxHandle,
  weeksBefore = 0,
): Promise<DemoRun> {
  const asOf = account.asOf.subtract({ weeks: weeksBefore });
  const before = account.summary();
  const report = await services.perform({
    kind: 'pull',
    key: `monday/${connection.id}/${isoWeekOf(asOf)}/${services.context.clock.now().epochMilliseconds}`,
    payload: { connectionId: connection.id, asOf: asOf.toString(), run: 'monday', send: 'now' },
  });
  const exit = exitOfReport(app, report);
  const after = account.summary();
  const callsByLane = Object.fromEntries(
    Object.entries(after.callsByLane).map(([lane, calls]) => [lane, calls - (before.callsByLane[lane] ?? 0)]),
  );
  return {
    exit,
    calls: after.calls - before.calls,
    callsByLane,
    values: after.valuesWritten - before.valuesWritten,
  };
}

/** The proof that a run may be repeated: an hour later, nothing changed, nothing is written and nobody gets a second mail. */
async function secondRun(
  app: App,
  services: Services,
  connection: ConnectionRow,
  account: SandboxHandle,
  mails: MailSinkHandle,
): Promise<DemoReport['again']> {
  const mailsBefore = mails.count();
  account.advance(BETWEEN_RUNS);
  const run = await mondayRun(app, services, connection, account);
  return { calls: run.calls, writes: run.values, mails: mails.count() - mailsBefore };
}

function sourceOf(app: App, options: DemoOptions): string {
  const { locale } = app.terminal;
  return options.log === undefined
    ? say(locale, 'demo.source.company')
    : say(locale, 'demo.source.log', { log: options.log });
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / 1_048_576);
}
