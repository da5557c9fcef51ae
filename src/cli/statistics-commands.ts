/** The commands that tell what the forecast rests on and how right it was. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { translate } from '../../templates/i18n/translate.ts';
import type { BacktestHorizon } from '../core/backtest.ts';
import { parseHorizons } from '../core/backtest-report.ts';
import type { App } from './app.ts';
import { backtest } from './backtest.ts';
import type { ExitCode } from './exit-codes.ts';

export function addStatistics(program: Command, app: App, finish: (code: ExitCode) => void): void {
  const act =
    <Options>(run: (app: App, options: Options) => Promise<ExitCode>) =>
    async (options: Options) => {
      finish(await run(app, options));
    };

  program
    .command('backtest')
    .description('the forecast on past Mondays, beside what a CRM would have shown')
    .addOption(crm())
    .option('--log <folder>', 'an event log instead of what was pulled')
    .addOption(new Option('--from <date>', 'first day to replay').argParser(dayArgument(app)))
    .addOption(new Option('--as-of <date>', 'what came later is not known').argParser(dayArgument(app)))
    .addOption(
      new Option('--every <days>', 'days between replayed days').argParser(daysArgument(app)).default(7),
    )
    .addOption(new Option('--horizons <list>', '14,35,eom').argParser(horizonsArgument(app)))
    .addOption(language())
    .option('--html <file>', 'save one self-contained page with charts here')
    .addOption(json())
    .action(act(backtest));
}

function crm(): Option {
  return new Option('--crm <name>', 'which CRM').choices(['hubspot', 'pipedrive']).default('hubspot');
}

function language(): Option {
  return new Option('--lang <locale>', 'language of the result').choices(['fr', 'en']);
}

function json(): Option {
  return new Option('--json', 'machine-readable result on stdout');
}

function dayArgument(app: App): (text: string) => Temporal.PlainDate {
  return (text) => {
    try {
      return Temporal.PlainDate.from(text, { overflow: 'reject' });
    } catch {
      throw refusal(app, 'argument.day', text);
    }
  };
}

function daysArgument(app: App): (text: string) => number {
  return (text) => {
    const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (days < 1) throw refusal(app, 'argument.days', text);
    return days;
  };
}

function horizonsArgument(app: App): (text: string) => readonly BacktestHorizon[] {
  return (text) => {
    const horizons = parseHorizons(text);
    if (horizons === null) throw refusal(app, 'argument.horizons', text);
    return horizons;
  };
}

function refusal(
  { terminal }: App,
  key: 'argument.day' | 'argument.days' | 'argument.horizons',
  found: string,
): InvalidArgumentError {
  return new InvalidArgumentError(translate(terminal.locale, key, { found }));
}
