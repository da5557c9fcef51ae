import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { type CrmRun, openHubspotRun } from '../support/crm-run.ts';

const EDITED = 40;

describe('three Monday runs in a row on one HubSpot account', () => {
  let run: CrmRun<HubspotSandbox>;
  let asOf: string;
  beforeAll(async () => {
    run = await openHubspotRun({ world: smallWorld(450) });
    asOf = run.services.context.clock.now().toZonedDateTimeISO('Europe/Paris').toPlainDate().toString();
    await monday();
  }, 180_000);
  afterAll(() => run.close());

  /** What one run cost the account. */
  async function monday(): Promise<{ calls: number; values: number; deals: ReadonlySet<string> }> {
    const before = run.sandbox.journal.entries().length;
    const valuesBefore = run.sandbox.written().total;
    await run.perform('pull', { run: 'monday', asOf });
    const entries = run.sandbox.journal.entries(before);
    const updates = entries.filter(({ method, path }) => method === 'POST' && path.endsWith('/batch/update'));
    return {
      calls: run.sandbox.journal.entries().length - before,
      values: run.sandbox.written().total - valuesBefore,
      deals: new Set(updates.flatMap((entry) => entry.ids ?? [])),
    };
  }

  it('reads nothing twice: when nothing changed it makes at most 14 calls and writes nothing', async () => {
    run.sandbox.advance({ hours: 1 });
    const second = await monday();
    expect(second.calls).toBeLessThanOrEqual(14);
    expect(second.values).toBe(0);
  }, 120_000);

  it('costs at most six calls more when forty deals were edited, and writes those whose values changed only', async () => {
    const edited = Array.from({ length: EDITED }, (_, nth) => String(FIRST_SMALL_DEAL_ID + nth));
    edited.forEach((id, nth) => {
      // Every second edit changes what we compute; the others change what we do not.
      run.sandbox.edit.set(
        'deal',
        id,
        nth % 2 === 0 ? { amount: String(70_000 + nth) } : { next_step: 'call back' },
      );
    });
    run.sandbox.advance({ hours: 1 });
    const third = await monday();
    // Five to read and write them, and one that looks, right before the write, whether somebody else was there.
    expect(third.calls).toBeLessThanOrEqual(14 + 6);
    expect(third.values).toBeGreaterThan(0);
    for (const id of third.deals) expect(edited.filter((_, nth) => nth % 2 === 0)).toContain(id);
    expect(run.sandbox.written().doubled).toEqual([]);
  }, 120_000);
});
