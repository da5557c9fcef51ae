/** `jalon explain`: how the figures of the period came about, for the company or one manager, from the records of now. */
import { computeForecast, linesInScope, newBusinessOf, summaryOf } from '../../jobs/compute-forecast.ts';
import { fullDateText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { totalText } from '../../templates/reliability/total-words.ts';
import { visibleText } from '../../templates/text.ts';
import { periodText } from '../../templates/words.ts';
import { totalDerivation } from '../core/forecast/derivation-total.ts';
import type { App } from './app.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { plainJson } from './plain-json.ts';
import { currentSources, managerOf, type PlanCommandOptions } from './plan.ts';
import { withCompany } from './with-services.ts';

export async function explainTotal(app: App, options: PlanCommandOptions): Promise<ExitCode> {
  const locale = options.lang ?? app.terminal.locale;
  return await withCompany(app, options, async (services, connection) => {
    const { sources, asOf } = await currentSources(services, connection, options);
    const manager = managerOf(sources, options.manager, locale);
    const forecast = computeForecast(sources, asOf);
    const summary = summaryOf(sources, forecast, manager);
    const { wins, notes } = forecast.odds.pooled;
    const steps = totalDerivation({
      summary,
      lines: linesInScope(sources, forecast.lines, manager),
      wins,
      newBusiness: manager === null ? newBusinessOf(forecast) : null,
      history: notes,
    });
    const { print } = app.terminal;
    if (options.json) {
      print(plainJson({ manager: manager?.id ?? null, asOf, period: summary.period, steps }));
      return EXIT.ok;
    }
    print(
      translate(locale, 'explain.total.title', {
        scope: visibleText(manager?.name ?? connection.label),
        period: periodText(summary.period, locale, 'long'),
        date: fullDateText(asOf, locale),
      }),
    );
    const { currency } = summary;
    const reader = { locale, crm: options.crm, currency, milestones: sources.model.milestones };
    for (const step of steps) print(`  ${totalText(step, reader)}`);
    return EXIT.ok;
  });
}
