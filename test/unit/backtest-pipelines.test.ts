import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { dateOfDay } from '../../src/core/odds/history-days.ts';
import { type DealsToReplay, replayDeals } from '../../src/core/reliability/backtest-pipelines.ts';
import { scoreReplay } from '../../src/core/reliability/backtest-verdict.ts';
import { asId, type PipelineId } from '../../src/core/values/ids.ts';
import { day, deal, stageModel, ZONE } from '../support/deals.ts';

const FIRST = day('2026-01-05');

/** A deal every second day; half of them are won after 24 days, the others lost after 15. */
function company(pipeline: string, deals: number): readonly Deal[] {
  return Array.from({ length: deals }, (_, at) => {
    const on = (days: number) => FIRST.add({ days: 2 * at + days }).toString();
    const end = at % 2 === 0 ? `s-won ${on(24)}` : `s-lost ${on(15)}`;
    return deal(`${pipeline}-${at}`, `s-contact ${on(0)}, s-solution ${on(8)}, ${end}`, {
      pipelineId: asId<PipelineId>(pipeline),
    });
  });
}

function request(deals: readonly Deal[], change: Partial<DealsToReplay> = {}): DealsToReplay {
  return {
    deals,
    model: stageModel(),
    zone: ZONE,
    asOf: FIRST.add({ days: 200 }),
    amountOf: (one) => (one.amount.kind === 'money' ? one.amount.money.amountMinor : null),
    ...change,
  };
}

describe('the replay of a whole company', () => {
  it('starts on the first Monday after 35 days of history and goes on week by week', () => {
    const [fortnight] = replayDeals(request(company('p-1', 90)));
    const days = fortnight?.windows.map(({ originDay }) => dateOfDay(originDay)) ?? [];
    expect(days[0]?.toString()).toBe('2026-02-09');
    expect(days.every((date) => date.dayOfWeek === 1)).toBe(true);
    expect(days[1]?.toString()).toBe('2026-02-16');
  });

  it('two pipelines add up to what each of them gives', () => {
    const both = replayDeals(request([...company('p-1', 90), ...company('p-2', 40)]));
    const one = replayDeals(request(company('p-1', 90)));
    const other = replayDeals(request(company('p-2', 40)));
    const forecast = (replayed: typeof both) => replayed[0]?.windows[3]?.counts.jalon.forecast ?? Number.NaN;
    expect(forecast(both)).toBeCloseTo(forecast(one) + forecast(other), 10);
    expect(both[0]?.windows[3]?.knownWins).toBe(
      (one[0]?.windows[3]?.knownWins ?? 0) + (other[0]?.windows[3]?.knownWins ?? 0),
    );
    expect(scoreReplay(both)[0]?.coverage).not.toBeNull();
  });

  it('leaves excluded pipelines out', () => {
    const model = { ...stageModel(), excludedPipelines: [asId<PipelineId>('p-2')] };
    const deals = [...company('p-1', 60), ...company('p-2', 60)];
    expect(replayDeals(request(deals, { model }))).toEqual(
      replayDeals(request(company('p-1', 60), { model })),
    );
  });

  it('of a company without deals is empty, and says too short', () => {
    const scores = scoreReplay(replayDeals(request([])));
    expect(scores.map(({ windows, verdict }) => [windows, verdict.kind])).toEqual([
      [0, 'too_short'],
      [0, 'too_short'],
      [0, 'too_short'],
    ]);
  });

  it('one event of long ago does not ask for decades of Mondays', () => {
    const stray = deal('old', 's-contact 1980-01-01, s-lost 1980-02-01');
    const [fortnight] = replayDeals(request([...company('p-1', 90), stray]));
    expect(fortnight?.windows.length).toBeLessThanOrEqual(105);
  });

  it('starts where it is told to', () => {
    const [fortnight] = replayDeals(request(company('p-1', 90), { from: day('2026-04-01'), everyDays: 30 }));
    const days = fortnight?.windows.map(({ originDay }) => dateOfDay(originDay).toString());
    expect(days).toEqual(['2026-04-01', '2026-05-01', '2026-05-31', '2026-06-30']);
  });
});
