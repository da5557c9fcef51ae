import { describe, expect, it } from 'vitest';
import { type ReplayRequest, replayPast } from '../../jobs/replay-past.ts';
import { replayInThread } from '../../src/compose/replay-thread.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import { amount, day, deal, EUR, stageModel, ZONE } from '../support/deals.ts';

const FIRST = day('2025-01-06');

/** A deal a day; half of them are won after 24 days, the others lost after 15; every tenth has no amount. */
function company(deals: number): readonly Deal[] {
  return Array.from({ length: deals }, (_, at) => {
    const on = (days: number) => FIRST.add({ days: at + days }).toString();
    const end = at % 2 === 0 ? `s-won ${on(24)}` : `s-lost ${on(15)}`;
    const worth = at % 10 === 0 ? ({ amount: { kind: 'missing' } } as const) : amount(String(1_000 + at));
    return deal(`d-${at}`, `s-contact ${on(0)}, s-solution ${on(8)}, ${end}`, worth);
  });
}

const REQUEST: ReplayRequest = {
  sources: {
    deals: company(700),
    model: stageModel(),
    rates: [],
    company: { zone: ZONE, currency: EUR },
  },
  asOf: FIRST.add({ days: 600 }),
  options: {},
};

describe('the replay beside the thread that answers pages', () => {
  it('gives the very figures that it gives in this thread, and this thread goes on meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    const figures = await replayInThread(REQUEST, new AbortController().signal);
    clearInterval(timer);
    expect(figures).toEqual(replayPast(REQUEST));
    expect(figures.backtest.horizons[0]?.windows).toBeGreaterThan(50);
    expect(turns).toBeGreaterThan(10);
  });

  it('ends with the job that asked: a lost lease or a stop is no wait for its result', async () => {
    const stop = new AbortController();
    const replay = replayInThread(REQUEST, stop.signal);
    stop.abort();
    await expect(replay).rejects.toThrow('the thread of the replay ended');
    await expect(replayInThread(REQUEST, stop.signal)).rejects.toThrow('abort');
  });

  it('tells its own failure, so that the outbox can try again', async () => {
    const company = { ...REQUEST.sources.company, zone: 'Nowhere/Nothing' };
    const replay = replayInThread(
      { ...REQUEST, sources: { ...REQUEST.sources, company } },
      new AbortController().signal,
    );
    await expect(replay).rejects.toThrow('time zone');
  });
});
