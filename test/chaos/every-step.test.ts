import { describe, expect, it } from 'vitest';
import { dieAtEveryStep } from './every-step.ts';

describe('a Monday run whose process dies at a durable step', () => {
  it('goes on from there: nothing lost, nothing doubled, and a mail that may have left is never sent again', {
    timeout: 600_000,
  }, async () => {
    const told: string[] = [];
    const report = await dieAtEveryStep('short', (line) => told.push(line));
    process.stdout.write(`died at ${report.steps} steps in ${report.seconds} s\n`);
    expect(report.broken, told.join('\n')).toEqual([]);
    expect(report.steps).toBe(15);
    // One died before its mail was handed to the server, one after; neither knows, and both are told.
    expect(report.last).toMatchObject({ uncertain: 2, sent: 4 });
  });
});
