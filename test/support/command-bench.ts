import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { type MailSink, startMailSink } from '../../sandbox/mail/sink.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { App, Services } from '../../src/cli/app.ts';
import type { ExitCode } from '../../src/cli/exit-codes.ts';
import { runProgram } from '../../src/cli/program.ts';
import { loggedCompany } from '../../src/compose/event-log.ts';
import { openServices } from '../../src/compose/services.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { ConnectorLimits } from '../../src/ports/connector.ts';

/** What a command printed, and how it ended. */
export interface CommandRun {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Commands in this process against a sandbox, over one embedded store that stays open between them. */
export interface CommandBench {
  readonly sandbox: HubspotSandbox;
  readonly mails: MailSink;
  readonly services: Services;
  readonly folder: string;
  /** Changed in place by a test; read when the next conversation with the CRM begins. */
  readonly limits: { timeoutMs: number; maxAttempts: number; searchesPerSecond: number };
  locale: 'en' | 'fr';
  /** A token that is sent from now on; the sandbox accepts it unless `good` is false. New tokens start with empty rate limits. */
  useToken(token: string, good?: boolean): void;
  run(...argv: readonly string[]): Promise<CommandRun>;
  close(): Promise<void>;
}

/** Wide enough that no test waits for a limit it is not about. */
const WIDE = { tenSecondly: 100_000, searchPerSecond: 100_000, associationsPerTenSeconds: 100_000 };

export async function openCommandBench(world: World, companyYaml: string): Promise<CommandBench> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-bench-'));
  const companyFile = join(folder, 'jalon.yaml');
  writeFileSync(companyFile, companyYaml);
  const sandbox = await startHubspotSandbox({ world, limits: WIDE });
  const mails = await startMailSink();
  const config = readConfig({
    JALON_DATA_DIR: join(folder, 'data'),
    JALON_COMPANY_FILE: companyFile,
    LOG_LEVEL: 'silent',
    PORT: '0',
  });
  const account = { baseUrl: sandbox.url, token: sandbox.token };
  const limits = { timeoutMs: 5_000, maxAttempts: 2, searchesPerSecond: 100_000 };
  const bench = { locale: 'en' as 'en' | 'fr' };
  const services = await openServices(config, recorder(config.locale).terminal, {
    clock: sandbox.clock,
    smtpUrl: mails.url,
    account,
    limits: limits satisfies ConnectorLimits,
  });
  return Object.assign(bench, {
    sandbox,
    mails,
    services,
    folder,
    limits,
    useToken: (token: string, good = true) => {
      if (good) sandbox.tokens.grant(token);
      account.token = token;
    },
    run: async (...argv: readonly string[]) =>
      await runCommand(config, bench.locale, argv, async () => ({
        ...services,
        close: async () => undefined,
      })),
    close: async () => {
      await services.close();
      await sandbox.close();
      await mails.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** One command line with an `open` of the test's own: the real one, or one that hands out services that are open already. */
export async function runCommand(
  config: Config,
  locale: 'en' | 'fr',
  argv: readonly string[],
  open?: App['open'],
): Promise<CommandRun> {
  const { terminal, printed, noted } = recorder(locale);
  const unused = () => {
    throw new Error('not part of this test');
  };
  const app: App = {
    config,
    terminal,
    open: open ?? ((options = {}) => openServices(config, terminal, options)),
    startSandbox: unused,
    startMailSink: unused,
    readEventLog: loggedCompany,
  };
  const exit = await runProgram(app, argv);
  return { exit, out: printed.join('\n'), err: noted.join('\n') };
}

function recorder(locale: 'en' | 'fr') {
  const printed: string[] = [];
  const noted: string[] = [];
  const terminal = {
    interactive: false,
    locale,
    print: (line: string) => void printed.push(line),
    note: (line: string) => void noted.push(line),
    progress: () => undefined,
  };
  return { terminal, printed, noted };
}
