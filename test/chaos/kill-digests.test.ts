import { describe, expect, it } from 'vitest';
import { announceMissing, availableServices } from '../support/services.ts';
import { killDigests, summaryOf } from './kill-digests.ts';

const KILLS = 3;
/** The same kills at every merge; `npm run chaos:digest` draws 200 others. */
const SEED = 5;

const hasPostgres = availableServices().postgresBin !== null;
if (!hasPostgres) announceMissing('digests whose processes are killed', 'postgresBin');

describe.runIf(hasPostgres)('three schedulers on one Postgres whose processes are killed', () => {
  it(`at ${KILLS} moments of a Monday leave every manager one mail or its recorded reason, and never two`, {
    timeout: 240_000,
  }, async () => {
    const told: string[] = [];
    const report = await killDigests(KILLS, SEED, (line) => told.push(line));
    process.stdout.write(`${summaryOf(report).join('\n')}\n`);
    expect(report.broken, told.join('\n')).toEqual([]);
    expect(report.kills).toBe(KILLS);
    expect(report.sent + report.uncertain).toBe(report.managers * report.mondays);
    expect(report.uncertain, 'at most one mail per kill has an end that nobody knows').toBeLessThanOrEqual(
      KILLS,
    );
  });
});
