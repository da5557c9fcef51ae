import { afterEach, describe, expect, it } from 'vitest';
import { planWriteBack } from '../../jobs/write-back-plan.ts';
import { smallWorld } from '../../sandbox/world/small-world.ts';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { prepareCompany } from '../../src/cli/prepare-company.ts';
import { openPipedriveRun, SMALL_COMPANY } from '../support/crm-run.ts';

const runs: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.close();
});

/** Every fifth deal of the small world is in francs. Pipedrive knows no rates: there are only the admin's. */
describe('francs in a Pipedrive account whose company counts in euros', () => {
  it('are in no total without a rate, and say so; with the admin’s rate they count', async () => {
    const withoutRates = SMALL_COMPANY.replace(/^rates:.*$/m, '');
    const run = await openPipedriveRun({ world: smallWorld(10), company: withoutRates });
    runs.push(run);
    await run.perform('pull');
    const francs = async () => {
      const now = run.services.context.clock.now();
      const plan = await run.read((tenant) => planWriteBack(tenant, run.connectionId, now));
      const lines = plan.forecast.lines.filter(({ gross }) => (gross?.currency as string) === 'CHF');
      return {
        exclusions: lines.map(({ exclusion }) => exclusion),
        told: plan.summary.exclusions,
        gross: plan.summary.grossMinor,
      };
    };
    const before = await francs();
    expect(before.exclusions).toEqual(['no_rate', 'no_rate']);
    expect(before.told).toEqual([{ reason: 'no_rate', deals: 2 }]);
    const euros = [0, 1, 2, 3, 5, 6, 7, 8].reduce((sum, nth) => sum + 100_000n + BigInt(nth) * 100n, 0n);
    expect(before.gross).toBe(euros);
    const file = parseCompanyFile(SMALL_COMPANY, 'en');
    if (!file.ok) throw new Error('the company file does not parse');
    await prepareCompany(run.services, file.value);
    const after = await francs();
    expect([after.exclusions, after.told]).toEqual([[null, null], []]);
    expect(after.gross - before.gross, '(1,004 + 1,009) francs at 1.04').toBe(209_352n);
  }, 180_000);
});
