import { describe, expect, it } from 'vitest';
import { killAnywhere, summaryOf } from './kill-anywhere.ts';

/** `npm run chaos:short` kills 25 times, `npm run chaos` 200 times. */
const KILLS = 8;
/** The same kills at every merge; the longer lanes draw others. */
const SEED = 2;

const SHORT_KILLS = 2;

describe('a Monday run whose process is killed', () => {
  it.each([
    ['hubspot', KILLS, SEED],
    // The same machinery: what is Pipedrive's own is a history read deal by deal. `npm run chaos -- 200 5 pipedrive` is the long form.
    ['pipedrive', SHORT_KILLS, SEED],
  ] as const)(
    'on %s, at %i moments, ends with the store equal to the CRM, no value written twice, no mail sent twice, nothing left undone',
    {
      timeout: 900_000,
    },
    async (crm, kills, seed) => {
      const told: string[] = [];
      const report = await killAnywhere(kills, seed, (line) => told.push(line), crm);
      process.stdout.write(`${summaryOf(report).join('\n')}\n`);
      expect(report.broken, told.join('\n')).toEqual([]);
      expect(report.kills).toBe(kills);
      expect(report.recoveries, 'kills that interrupted nothing prove nothing').toBeGreaterThan(kills / 3);
    },
  );
});
