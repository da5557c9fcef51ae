/** The command line: one file per command, one exit code per outcome. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { GROUP_KINDS } from '../core/forecast/group-forecasts.ts';
import type { App } from './app.ts';
import { connect, disconnect } from './connection-commands.ts';
import { demo } from './demo.ts';
import { addDigest } from './digest-commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { forecast } from './forecast.ts';
import { say } from './messages.ts';
import { migrate } from './migrate.ts';
import { pull } from './pull.ts';
import { sandbox } from './sandbox.ts';
import { serve } from './serve.ts';
import { snapshot } from './snapshot.ts';
import { addStatistics } from './statistics-commands.ts';
import { tell } from './tell.ts';
import { addWork } from './work.ts';
import { writeBackApply, writeBackPlan } from './write-back.ts';

/** Runs one command line to its end. Never throws: every failure becomes a line on stderr and a code. */
export async function runProgram(app: App, argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = buildProgram(app, (exit) => {
    code = exit;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return tell(app, error);
  }
}

type Finish = (code: ExitCode) => void;

function buildProgram(app: App, finish: Finish): Command {
  const { locale } = app.terminal;
  const program = new Command('jalon').exitOverride().addHelpText('after', `\n${say(locale, 'exit.codes')}`);
  const json = () => new Option('--json', 'machine-readable result on stdout');
  const crm = () =>
    new Option('--crm <name>', 'which CRM').choices(['hubspot', 'pipedrive']).default('hubspot');
  const asOf = () => new Option('--as-of <date>', 'YYYY-MM-DD').argParser(dateArgument(app));
  const act =
    <Options>(run: (app: App, options: Options) => Promise<ExitCode>) =>
    async (options: Options) => {
      finish(await run(app, options));
    };

  program
    .command('demo')
    .description('the Monday run on a local CRM: seeded company, or an event log')
    .addOption(crm())
    .option('--log <folder>', 'an event log instead of the seeded company')
    .addOption(asOf())
    .addOption(new Option('--lang <locale>', 'language of the seeded company').choices(['fr', 'en']))
    .addOption(
      new Option('--weeks <number>', 'Mondays in a row, one snapshot each')
        .argParser(weeksArgument(app))
        .default(1),
    )
    .option('--once', 'end when the run is done')
    .option('--stay', 'stay up also where there is no terminal')
    .option('--data <folder>', 'keep database, mails and journal here')
    .addOption(new Option('--port <number>', 'port of the page').argParser(portArgument(app)).default(0))
    .addOption(json())
    .action(act(demo));
  program
    .command('serve')
    .description('workers, Monday schedule and pages')
    .addOption(crm())
    .action(act(serve));
  program
    .command('migrate')
    .description('bring the database to this version')
    .addOption(json())
    .action(act(migrate));
  program
    .command('pull')
    .description('read what changed in the CRM')
    .addOption(crm())
    .option('--full', 'read everything again')
    .addOption(json())
    .action(act(pull));
  program
    .command('disconnect')
    .description('stop reading and writing an account, and take its webhooks back')
    .addOption(crm())
    .action(act(disconnect));
  program
    .command('connect')
    .description('read and write a disconnected account again')
    .addOption(crm())
    .action(act(connect));
  program
    .command('snapshot')
    .description('freeze the deals and compute the forecast')
    .addOption(crm())
    .addOption(json())
    .action(act(snapshot));
  program
    .command('forecast')
    .description('the forecast of the latest snapshot')
    .addOption(crm())
    .option('--manager <email>')
    .addOption(new Option('--by <group>', 'a line and a range per group').choices(GROUP_KINDS))
    .addOption(json())
    .action(act(forecast));

  addStatistics(program, app, finish);

  const writeBack = program.command('write-back').description('our properties in the CRM');
  writeBack
    .command('plan', { isDefault: true })
    .description('what would change; writes nothing')
    .addOption(crm())
    .addOption(json())
    .action(act(writeBackPlan));
  writeBack
    .command('apply')
    .description('write what changed')
    .addOption(crm())
    .option('--yes', 'I have seen the plan')
    .addOption(json())
    .action(act(writeBackApply));

  addDigest(program, app, finish);
  addWork(program, app, finish);

  program
    .command('sandbox')
    .description('a local CRM alone')
    .addOption(crm())
    .option('--log <folder>')
    .addOption(asOf())
    .addOption(new Option('--lang <locale>').choices(['fr', 'en']))
    .addOption(new Option('--port <number>').argParser(portArgument(app)).default(0))
    .addOption(new Option('--latency <ms>').argParser(Number).default(0))
    .option('--journal <file>')
    .addOption(json())
    .action(act(sandbox));
  return program;
}

function dateArgument(app: App): (text: string) => Temporal.PlainDate {
  return (text) => {
    try {
      return Temporal.PlainDate.from(text, { overflow: 'reject' });
    } catch {
      throw new InvalidArgumentError(say(app.terminal.locale, 'error.date', { found: text }));
    }
  };
}

/** 0 asks the system for a free one. */
const MOST_WEEKS = 26;

function weeksArgument(app: App): (text: string) => number {
  return (text) => {
    const weeks = /^\d{1,2}$/.test(text) ? Number(text) : 0;
    if (weeks < 1 || weeks > MOST_WEEKS)
      throw new InvalidArgumentError(
        say(app.terminal.locale, 'error.weeks', { found: text, most: String(MOST_WEEKS) }),
      );
    return weeks;
  };
}

function portArgument(app: App): (text: string) => number {
  return (text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
    if (port < 0 || port > 65_535)
      throw new InvalidArgumentError(say(app.terminal.locale, 'error.port', { found: text }));
    return port;
  };
}
