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
    const decide = async (company: string) => {
      const file = parseCompanyFile(company, 'en');
      if (!file.ok) throw new Error('the company file does not parse');
      await prepareCompany(run.services, file.value);
    };
    await decide(SMALL_COMPANY);
    const after = await francs();
    expect([after.exclusions, after.told]).toEqual([[null, null], []]);
    expect(after.gross - before.gross, '(1,004 + 1,009) francs at 1.04').toBe(209_352n);

    // A week is frozen; then the admin changes the rate: a row of an older day, and one of a day after that week.
    const frozen = async (nth: number) =>
      await run.read(async ({ snapshots }) => {
        const [id] = (await snapshots.list(run.connectionId))
          .toSorted((a, b) => Temporal.PlainDate.compare(a.asOf, b.asOf))
          .slice(nth)
          .map((row) => row.id);
        const header = id === undefined ? null : await snapshots.header(id);
        if (header === null) throw new Error('no such snapshot');
        const company = (await snapshots.forecasts(header.id)).find(({ managerId }) => managerId === null);
        return { gross: company?.summary.grossMinor, rates: header.rates.map(({ rate }) => rate) };
      });
    await run.perform('snapshot', { asOf: '2026-03-02', run: 'test' });
    const week = await frozen(0);
    expect(week).toEqual({ gross: after.gross, rates: ['1.04'] });
    const older = '{ from: CHF, to: EUR, rate: "1.02", effective_on: 2026-01-01 }';
    const later = '{ from: CHF, to: EUR, rate: "1.10", effective_on: 2026-03-05 }';
    await decide(SMALL_COMPANY.replace(/^rates:.*$/m, `rates: [${older}, ${later}]`));
    run.sandbox.advance({ hours: 7 * 24 });
    await run.perform('snapshot', { asOf: '2026-03-09', run: 'test' });
    expect(await frozen(0), 'the past week').toEqual(week);
    const next = await frozen(1);
    expect(next.rates).toEqual(['1.02', '1.10']);
    expect((next.gross ?? 0n) - before.gross, 'the same francs at 1.10').toBe(221_430n);
  }, 180_000);
});
