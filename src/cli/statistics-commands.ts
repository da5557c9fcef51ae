/** The commands that tell what the forecast rests on and how right it was. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { translate } from '../../templates/i18n/translate.ts';
import type { BacktestHorizon } from '../core/reliability/backtest.ts';
import { parseHorizons } from '../core/reliability/backtest-report.ts';
import type { App } from './app.ts';
import { backtest } from './backtest.ts';
import type { ExitCode } from './exit-codes.ts';
import { type ExplainOptions, explain } from './explain.ts';
import { explainTotal } from './explain-total.ts';
import { calibration, gap, type PlanCommandOptions } from './plan.ts';

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
  program
    .command('gap')
    .description('what is missing to the target, and what could close it')
    .addOption(crm())
    .option('--manager <email>', 'the deals and the target of one manager')
    .addOption(new Option('--as-of <date>', 'default: today').argParser(dayArgument(app)))
    .addOption(language())
    .addOption(json())
    .action(act(gap));
  program
    .command('calibration')
    .description('the weights of the milestones against your own history; changes nothing')
    .addOption(crm())
    .addOption(new Option('--as-of <date>', 'default: today').argParser(dayArgument(app)))
    .addOption(language())
    .addOption(json())
    .action(act(calibration));
  program
    .command('explain')
    .argument('[deal]', 'id of a deal in the CRM; without it, the figures of the period')
    .description('how a deal, or the forecast of the period, came to its figures, line by line')
    .addOption(crm())
    .option('--manager <email>', 'of the period: the deals and the target of one manager')
    .addOption(language())
    .addOption(json())
    .action(async (dealId: string | undefined, options: ExplainOptions & PlanCommandOptions) => {
      finish(await (dealId === undefined ? explainTotal(app, options) : explain(app, dealId, options)));
    });
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
