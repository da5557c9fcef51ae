import { writeFileSync } from 'node:fs';
import type { CrmKind } from '../core/values/crm.ts';
import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';
import { untilStopped } from './until-stopped.ts';

export interface SandboxCommandOptions {
  readonly crm: CrmKind;
  readonly log?: string;
  readonly asOf?: Temporal.PlainDate;
  readonly lang?: 'fr' | 'en';
  readonly port: number;
  readonly latency: number;
  readonly journal?: string;
  readonly json?: boolean;
}

const COMPANY_FILE = 'jalon.sandbox.yaml';

/** A local CRM on its own, for trying a connector or the product by hand. Stays until it is stopped. */
export async function sandbox(app: App, options: SandboxCommandOptions): Promise<ExitCode> {
  const { terminal } = app;
  const account = await app.startSandbox({
    crm: options.crm,
    locale: options.lang ?? terminal.locale,
    log: options.log ?? null,
    asOf: options.asOf ?? null,
    port: options.port,
    latencyMs: options.latency,
    ...(options.journal === undefined ? {} : { journalFile: options.journal }),
  });
  writeFileSync(COMPANY_FILE, account.companyYaml);
  const { url, token } = account;
  if (options.json) {
    terminal.print(
      JSON.stringify({ url, token, companyFile: COMPANY_FILE, startsAt: account.startsAt.toString() }),
    );
  } else {
    terminal.print(say(terminal.locale, 'sandbox.listening', { crm: options.crm, url, token }));
    terminal.print(say(terminal.locale, 'sandbox.company', { path: COMPANY_FILE }));
  }
  await untilStopped();
  await account.close();
  return EXIT.ok;
}
