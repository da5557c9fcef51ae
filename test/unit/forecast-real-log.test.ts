import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { loggedCompany } from '../../src/compose/event-log.ts';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { openLines } from '../../src/core/forecast/summary.ts';
import { fitOddsByPipeline } from '../../src/core/odds/fit-odds-pipelines.ts';
import { day, forecastInput } from '../support/deals.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/bpic2012');
const present = existsSync(FOLDER);

describe.runIf(present)('the forecast of the real log, line by line', () => {
  it('adds up to the odds that the published check values give for day 93 and 35 days', () => {
    const { deals, companyYaml } = loggedCompany(FOLDER);
    const file = parseCompanyFile(companyYaml, 'en');
    if (!file.ok) throw new Error('the company file of the log is broken');
    const { model } = file.value;
    const asOf = day('2011-10-01').add({ days: 93 });
    // The check values count days in UTC.
    const odds = fitOddsByPipeline(deals, model, asOf, 'UTC');
    const input = forecastInput(deals, {
      asOf,
      model,
      period: { kind: 'month', key: 'check', start: asOf, end: asOf.add({ days: 35 }) },
      company: { ...file.value.company, zone: 'UTC' },
      oddsByPipeline: odds.byPipeline,
      fallbackOdds: odds.pooled,
    });
    const open = openLines(forecastLines(input));
    expect(open).toHaveLength(664);
    expect(open.reduce((sum, line) => sum + line.odds, 0)).toBeCloseTo(189.681143, 3);
  }, 120_000);
});
