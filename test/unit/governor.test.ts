import { describe, expect, it } from 'vitest';
import { governWindow } from '../../connectors/governor.ts';
import { virtualTime } from '../support/virtual-time.ts';

async function callsThrough(limit: number, calls: number, latencyMs: number): Promise<number[]> {
  const time = virtualTime();
  const governor = governWindow({ calls: limit, perMs: 10_000 }, time);
  const starts: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const slot = await governor.enter();
    starts.push(time.nowMs());
    await time.sleep(latencyMs);
    slot.left();
  }
  return starts;
}

function mostInWindow(starts: readonly number[], windowMs: number): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + windowMs).length));
}

describe('calls stay inside the rate limit of the CRM', () => {
  it('never starts more calls than the limit in any ten seconds', async () => {
    const starts = await callsThrough(20, 100, 3);
    expect(mostInWindow(starts, 10_000)).toBe(20);
  });

  it('uses the whole limit before it waits', async () => {
    const starts = await callsThrough(20, 20, 3);
    expect(Math.max(...starts)).toBeLessThan(100);
  });

  it('follows the limit that the CRM names, down and up', async () => {
    const time = virtualTime();
    const governor = governWindow({ calls: 100, perMs: 10_000 }, time);
    governor.learn({ calls: 2 });
    for (let call = 0; call < 3; call += 1) (await governor.enter()).left();
    expect(time.nowMs()).toBeGreaterThanOrEqual(10_000);
    governor.learn({ calls: 50 });
    const before = time.nowMs();
    for (let call = 0; call < 20; call += 1) (await governor.enter()).left();
    expect(time.nowMs()).toBe(before);
  });

  it("keeps the customer's own ceiling whatever the CRM allows", async () => {
    const time = virtualTime();
    const governor = governWindow({ calls: 3, perMs: 10_000 }, time, 3);
    governor.learn({ calls: 500, remaining: 499 });
    for (let call = 0; call < 4; call += 1) (await governor.enter()).left();
    expect(time.nowMs()).toBeGreaterThanOrEqual(10_000);
  });

  it('leaves room for calls that other apps make on the same limit', async () => {
    const time = virtualTime();
    const governor = governWindow({ calls: 10, perMs: 10_000 }, time);
    (await governor.enter()).left();
    governor.learn({ calls: 10, remaining: 2 });
    (await governor.enter()).left();
    (await governor.enter()).left();
    expect(time.nowMs()).toBe(0);
    (await governor.enter()).left();
    expect(time.nowMs()).toBeGreaterThanOrEqual(10_000);
  });

  it('sends one call ahead after "too many", and the crowd only when it came back well', async () => {
    const time = virtualTime();
    const governor = governWindow({ calls: 10, perMs: 1_000 }, time);
    governor.pause(5_000);
    const first = await governor.enter();
    expect(time.nowMs()).toBeGreaterThanOrEqual(5_000);
    let second = false;
    const waiting = governor.enter().then((slot) => {
      second = true;
      slot.left();
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(second).toBe(false);
    governor.recovered();
    first.left();
    await waiting;
    expect(second).toBe(true);
  });

  it('waits longer each time the CRM refuses again, up to ten seconds', async () => {
    const time = virtualTime();
    const governor = governWindow({ calls: 10, perMs: 1_000 }, time);
    const waits: number[] = [];
    for (let refusal = 0; refusal < 6; refusal += 1) {
      const before = time.nowMs();
      governor.pause(1_000);
      (await governor.enter()).left();
      waits.push(time.nowMs() - before);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });
});
