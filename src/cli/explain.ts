/** `jalon explain <deal>`: how one deal came to its figures, line by line, from the records of now. */
import { liveDeal, readLiveFrame } from '../../jobs/live-deal.ts';
import { errorLine } from '../../templates/errors/catalogue.ts';
import { fullDateText } from '../../templates/format.ts';
import { translate } from '../../templates/i18n/translate.ts';
import { derivationText } from '../../templates/reliability/derivation-words.ts';
import { visibleText } from '../../templates/text.ts';
import { periodText } from '../../templates/words.ts';
import { type DerivationStep, derivationOf } from '../core/forecast/derivation.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { asId, type DealId } from '../core/values/ids.ts';
import type { App } from './app.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { plainJson } from './plain-json.ts';
import { withCompany } from './with-services.ts';

export interface ExplainOptions {
  readonly crm: CrmKind;
  readonly lang?: 'fr' | 'en';
  readonly json?: boolean;
}

export async function explain(app: App, dealId: string, options: ExplainOptions): Promise<ExitCode> {
  const locale = options.lang ?? app.terminal.locale;
  return await withCompany(app, options, async ({ store, tenantId, context }, connection) => {
    const found = await store.inTenant(tenantId, async (tenant) => {
      const file = await tenant.records.dealFile(connection.id, asId<DealId>(dealId));
      if (file === null) return null;
      const frame = await readLiveFrame(tenant, connection, context.clock.now(), (_, read) => read());
      return { file, frame, live: liveDeal(frame, file) };
    });
    if (found === null)
      throw new CommandError([errorLine('FORECAST_DEAL_UNKNOWN', locale, dealId)], EXIT.failed);
    const { file, frame, live } = found;
    if (live.line === null)
      throw new CommandError([errorLine('FORECAST_DEAL_OUTSIDE', locale, dealId)], EXIT.failed);
    const { company, model, asOf, period, rates, pipelines, fit } = frame;
    const odds = fit.odds.byPipeline.get(file.deal.pipelineId) ?? fit.odds.pooled;
    const steps = derivationOf({
      ...live,
      line: live.line,
      deal: file.deal,
      model,
      rates,
      currency: company.currency,
      asOf,
      period,
      history: odds.notes,
    });
    if (options.json) {
      app.terminal.print(plainJson({ dealId, asOf, period, steps }));
      return EXIT.ok;
    }
    const stages = new Map(
      pipelines.flatMap((pipeline) => pipeline.stages).map(({ id, label }) => [`${id}`, label]),
    );
    const reader = {
      locale,
      crm: options.crm,
      currency: company.currency,
      milestones: model.milestones,
      stageLabel: (id: string) => visibleText(stages.get(id) ?? id),
    };
    app.terminal.print(
      translate(locale, 'explain.title', {
        deal: visibleText(file.deal.name) || dealId,
        period: periodText(period, locale, 'long'),
        date: fullDateText(asOf, locale),
      }),
    );
    for (const line of steps.flatMap((step: DerivationStep) => derivationText(step, reader)))
      app.terminal.print(`  ${line}`);
    return EXIT.ok;
  });
}
