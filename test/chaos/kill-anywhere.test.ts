import { describe, expect, it } from 'vitest';
import { killAnywhere, summaryOf } from './kill-anywhere.ts';

const KILLS = 25;
/** The same kills at every merge; `npm run chaos` draws others. */
const SEED = 2;

describe('a Monday run whose process is killed', () => {
  it(`at ${KILLS} moments ends with the store equal to the CRM, no value written twice, no mail sent twice, nothing left undone`, {
    timeout: 900_000,
  }, async () => {
    const told: string[] = [];
    const report = await killAnywhere(KILLS, SEED, (line) => told.push(line));
    process.stdout.write(`${summaryOf(report).join('\n')}\n`);
    expect(report.broken, told.join('\n')).toEqual([]);
    expect(report.kills).toBe(KILLS);
    expect(report.recoveries, 'kills that interrupted nothing prove nothing').toBeGreaterThan(KILLS / 3);
  });
});
