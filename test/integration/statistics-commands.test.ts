import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededCompany } from '../../sandbox/company/company.ts';
import { companySettingsYaml } from '../../sandbox/company/settings.ts';
import { worldAt } from '../../sandbox/world/script.ts';
import { readConfig } from '../../src/config.ts';
import { type CommandBench, openCommandBench, runCommand } from '../support/command-bench.ts';

const MONDAY = Temporal.PlainDate.from('2026-11-16');

/** 200 deals in the neutral form: half are won after 24 days, half are lost after 15. */
function writeLog(folder: string): void {
  const first = Temporal.PlainDate.from('2026-01-05');
  const deals = ['deal_id,created_at,amount'];
  const stages = ['deal_id,entered_at,stage'];
  for (let number = 0; number < 200; number += 1) {
    const on = (days: number) => first.add({ days: number + days }).toString();
    deals.push(`d${number},${on(0)},1000`);
    stages.push(`d${number},${on(0)},Contact`, `d${number},${on(8)},Proposal`);
    stages.push(number % 2 === 0 ? `d${number},${on(24)},Won` : `d${number},${on(15)},Lost`);
  }
  stages.push('nobody,2026-03-01,Contact');
  writeFileSync(join(folder, 'deals.csv'), deals.join('\n'));
  writeFileSync(join(folder, 'stages.csv'), stages.join('\n'));
  writeFileSync(
    join(folder, 'mapping.yaml'),
    `name: Log
zone: Europe/Paris
currency: EUR
pipelines: [{ id: p, label: P, stages: [Contact, Proposal, Won, Lost] }]
milestones:
  - { key: contact, label: { fr: Contact, en: Contact }, weight: 20, typical_days: 8 }
  - { key: proposal, label: { fr: Proposition, en: Proposal }, weight: 60, typical_days: 16, verbal: true }
stages: { Contact: contact, Proposal: proposal, Won: won, Lost: lost }
`,
  );
}

describe('jalon backtest on an event log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-backtest-'));
  const config = readConfig({ LOG_LEVEL: 'silent' });
  beforeAll(() => writeLog(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...options: readonly string[]) =>
    runCommand(config, 'en', ['backtest', '--log', folder, ...options]);

  it('needs no company file and no database, and prints our figures beside the three others', async () => {
    const { exit, out } = await run();
    expect(exit).toBe(0);
    expect(out).toMatch(
      /Over the last \d+ Mondays Jalon missed the wins of the next 14 days by [\d.]+% on average/,
    );
    for (const who of ['Jalon', 'Honest naive', 'Share ever won', 'CRM percentages'])
      expect(out.split('\n').filter((line) => line.trim().startsWith(who))).toHaveLength(3);
    expect(out).toContain('1 row of the log has no place in time');
  });

  it('takes dates, steps and horizons, and gives the same figures as JSON', async () => {
    const { out } = await run('--from', '2026-04-01', '--every', '14', '--horizons', '20', '--json');
    const report = JSON.parse(out);
    expect(report.horizons).toHaveLength(1);
    expect(report.horizons[0].mondays.slice(0, 2).map((row: { on: string }) => row.on)).toEqual([
      '2026-04-01',
      '2026-04-15',
    ]);
    const told = await run('--from', '2026-04-01', '--every', '14', '--horizons', '20');
    const missed = Math.round(report.horizons[0].counts.jalon.wape * 100);
    expect(told.out).toContain(`Jalon missed the wins of the next 20 days by ${missed}%`);
    expect(told.out).not.toContain('Mondays');
    expect(report.unplacedRows).toBe(1);
  });

  it('writes one page that needs nothing else, in the language asked for', async () => {
    const file = join(folder, 'page.html');
    const { err } = await run('--html', file, '--lang', 'fr');
    expect(err).toContain('page.html');
    const html = readFileSync(file, 'utf8');
    expect(html).toContain('<html lang="fr">');
    expect(html).not.toMatch(/<script|https?:/);
  });

  it('refuses what is no log, no date, no number of days and no horizon, with the code of usage', async () => {
    const wrong = [
      ['backtest', '--log', join(folder, 'nowhere')],
      ['backtest', '--log', folder, '--from', 'yesterday'],
      ['backtest', '--log', folder, '--every', '0'],
      ['backtest', '--log', folder, '--horizons', '14,soon'],
    ];
    for (const argv of wrong) expect((await runCommand(config, 'fr', argv)).exit).toBe(2);
  });
});

describe('the statistics of a company read from its CRM', () => {
  let bench: CommandBench;
  beforeAll(async () => {
    const company = seededCompany({ locale: 'en', asOf: MONDAY });
    const startsAt = MONDAY.toZonedDateTime({ timeZone: company.script.account.zone, plainTime: '07:00' });
    bench = await openCommandBench(
      worldAt(company.script, startsAt.toInstant()),
      companySettingsYaml(company),
    );
    await bench.run('pull');
    await bench.run('snapshot');
    // A database is made and a company is read: a loaded machine takes its time.
  }, 180_000);
  afterAll(() => bench.close());

  it('jalon backtest replays the stage history that the connector pulled', async () => {
    const { exit, out } = await bench.run('backtest', '--json', '--horizons', '35');
    expect(exit).toBe(0);
    const report = JSON.parse(out);
    expect(report.asOf).toBe(MONDAY.toString());
    expect(report.resolvedDeals).toBeGreaterThan(200);
    expect(report.horizons[0].windows).toBeGreaterThan(50);
    expect(report.horizons[0].counts.jalon.wape).toBeLessThan(report.horizons[0].counts.n0.wape / 2);
  });

  it('jalon gap and jalon calibration speak both languages and give data', async () => {
    bench.locale = 'fr';
    const gap = await bench.run('gap');
    expect(gap.out).toMatch(/il manque [\s\S]* = objectif/);
    const weights = await bench.run('calibration', '--lang', 'en');
    expect(weights.out.split('\n')).toHaveLength(4);
    expect(weights.out).toMatch(
      /“.+” weighs 10%; \d+ of \d+ resolved deals that reached it were won: calibrated/,
    );
    bench.locale = 'en';
    const figures = JSON.parse((await bench.run('gap', '--json')).out);
    expect(figures.gap.deals).toBeGreaterThan(0);
    expect(figures.funnel).toHaveLength(4);
    expect((await bench.run('gap', '--manager', 'nobody@example.com')).exit).not.toBe(0);
  });

  it('jalon explain prints the chain of one deal, and says when there is none', async () => {
    const figures = JSON.parse((await bench.run('gap', '--json')).out);
    const [{ dealId, gainMinor }] = figures.actions;
    expect(BigInt(gainMinor)).toBeGreaterThan(0n);
    const { out } = await bench.run('explain', dealId);
    for (const word of [
      'Amount in the CRM',
      'Declared',
      'Proof of',
      'Verified',
      'Net:',
      'chained to',
      'Expected:',
    ])
      expect(out).toContain(word);
    const missing = await bench.run('explain', 'none');
    expect(missing.err).toMatch(/^FORECAST_DEAL_UNKNOWN: /);
    expect(missing.exit).toBe(1);
  });

  it('jalon explain without a deal prints how the period came about, for the company and for a manager', async () => {
    const { summary } = JSON.parse((await bench.run('forecast', '--json')).out);
    const { steps } = JSON.parse((await bench.run('explain', '--json')).out);
    const total = steps.find(({ kind }: { kind: string }) => kind === 'forecast');
    expect(total.forecastMinor).toEqual(summary.forecastMinor);
    const { out } = await bench.run('explain', '--lang', 'fr');
    for (const word of [
      'Prévision\u00A0:',
      'Fourchette',
      'Indice de fiabilité',
      'Affaires à venir',
      'étapes du CRM',
    ])
      expect(out).toContain(word);
    expect((await bench.run('explain', '--manager', 'nobody@example.com')).exit).not.toBe(0);
  });

  it('jalon forecast --by adds up to the company', async () => {
    const { summary } = JSON.parse((await bench.run('forecast', '--json')).out);
    for (const by of ['owner', 'pipeline', 'milestone']) {
      const { groups } = JSON.parse((await bench.run('forecast', '--by', by, '--json')).out);
      const total = groups.reduce(
        (sum: bigint, group: { forecastMinor: string }) => sum + BigInt(group.forecastMinor),
        0n,
      );
      expect(total).toBe(BigInt(summary.forecastMinor));
    }
    const text = await bench.run('forecast', '--by', 'team');
    expect(text.out).toContain('P90');
  });

  it('the first reading has replayed the past by itself, Mondays of that month do not repeat it, and the page shows it', async () => {
    const { services } = bench;
    const monday = (key: string, asOf: string) =>
      services.perform({
        kind: 'snapshot',
        key,
        payload: { connectionId: 'hubspot', asOf, run: 'monday' },
      });
    const read = await (await fetch(`${await services.listen(0)}/reliability?lang=en`)).text();
    expect(read).toContain('Jalon on your own past');
    await monday('first', '2026-11-16');
    await monday('again', '2026-11-16');
    const [effects, report] = await services.store.inTenant(services.tenantId, async (tenant) => [
      await tenant.effects.list({ kind: 'backtest' }),
      await tenant.reliability.latest(
        (await tenant.connections.list())[0]?.id ?? expect.fail('no connection'),
      ),
    ]);
    expect(effects.map(({ state }) => state)).toEqual(['done']);
    expect(report?.accuracy[0]?.horizons).toHaveLength(4);
    const page = await fetch(`${await services.listen(0)}/reliability?lang=fr`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('Prévisions figées et ce qui est venu');
    expect(html).toContain('aria-current="page"');
  });
});
