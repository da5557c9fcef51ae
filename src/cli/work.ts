/** What the outbox still holds, and what a person does about work that was parked. */
import { type Command, Option } from 'commander';
import { workAgain } from '../../jobs/work-again.ts';
import { errorLine } from '../../templates/errors/catalogue.ts';
import type { EffectRow } from '../ports/effect-store.ts';
import type { App, Services } from './app.ts';
import { codedText } from './coded-text.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './messages.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface AgainOptions extends JsonOption {
  readonly id?: string;
  readonly all?: boolean;
}

export function addWork(program: Command, app: App, finish: (code: ExitCode) => void): void {
  const json = () => new Option('--json', 'machine-readable result on stdout');
  const work = program.command('work').description('work that waits, and work that was parked');
  work
    .command('status', { isDefault: true })
    .description('what is not done; exit code 3 when something is parked until somebody acts')
    .addOption(json())
    .action(async (options: JsonOption) => finish(await workStatus(app, options)));
  work
    .command('again')
    .description('try parked work again')
    .option('--id <id>', 'this one')
    .option('--all', 'all that is parked')
    .addOption(json())
    .action(async (options: AgainOptions) => finish(await workAgainCommand(app, options)));
}

async function workStatus(app: App, options: JsonOption): Promise<ExitCode> {
  return await withServices(app, async (services) => {
    const { terminal } = app;
    const parked = await listed(services, 'parked');
    const open = [...parked, ...(await listed(services, 'claimed')), ...(await listed(services, 'pending'))];
    if (options.json) terminal.print(JSON.stringify(open.map(plain)));
    else if (open.length === 0) terminal.print(say(terminal.locale, 'work.none'));
    else for (const effect of open) terminal.print(lineOf(effect, terminal.locale));
    if (parked.length === 0) return EXIT.ok;
    terminal.note(say(terminal.locale, 'work.parked', { count: parked.length }));
    return EXIT.partly;
  });
}

async function workAgainCommand(app: App, options: AgainOptions): Promise<ExitCode> {
  return await withServices(app, async (services) => {
    const { store, tenantId, context } = services;
    const { locale, print } = app.terminal;
    const parked = await listed(services, 'parked');
    const wanted = options.all === true ? parked : parked.filter(({ id }) => id === options.id);
    if (wanted.length === 0 && options.all !== true)
      throw new CommandError([errorLine('EFFECT_NOT_PARKED', locale, options.id ?? '')], EXIT.failed);
    const at = context.clock.now();
    for (const { id } of wanted)
      await store.inTenant(tenantId, (tenant) => workAgain(tenant, { effectId: id, by: 'command line', at }));
    if (options.json) print(JSON.stringify(wanted.map(plain)));
    else print(say(locale, 'work.again', { count: wanted.length }));
    return EXIT.ok;
  });
}

async function withServices<T>(app: App, work: (services: Services) => Promise<T>): Promise<T> {
  const services = await app.open();
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}

async function listed(
  { store, tenantId }: Services,
  state: EffectRow['state'],
): Promise<readonly EffectRow[]> {
  return await store.inTenant(tenantId, (tenant) => tenant.effects.list({ state }));
}

function plain({ id, kind, key, state, dueAt, attempts, deaths, lastError }: EffectRow) {
  const code = lastError === null ? null : codedText(lastError).code;
  return { id, kind, key, state, dueAt: dueAt.toString(), attempts, deaths, code, error: lastError };
}

/** "snapshot  parked  2026-11-16T07:00  5 tries  0191..." with the sentence of the reason below it. */
function lineOf(effect: EffectRow, locale: 'fr' | 'en'): string {
  const { id, kind, state, dueAt, attempts, lastError } = effect;
  const due = dueAt.toString({ smallestUnit: 'minute' });
  const line = [kind, say(locale, `work.state.${state}`), due, say(locale, 'work.tries', { attempts }), id];
  if (lastError === null) return line.join('  ');
  const { code, place } = codedText(lastError);
  return `${line.join('  ')}\n    ${errorLine(code, locale, place)}`;
}
