import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { LOST, type StateEvent, stateLog, WON } from '../../src/core/odds/history.ts';
import { dayNumber } from '../../src/core/odds/history-days.ts';
import { replay } from '../../src/core/reliability/backtest.ts';
import { scoreReplay } from '../../src/core/reliability/backtest-verdict.ts';

/** A weaker check: synthetic deals that know only when they were engaged and closed. Looked for beside the project. */
const FILE = new URL('../../../shared/data/maven_crm/sales_pipeline.csv', import.meta.url);
const isHere = existsSync(FILE);
if (!isHere) process.stderr.write('shared/data/maven_crm is absent: the weaker replay is not tried\n');

const OUTCOMES: ReadonlyMap<string, number> = new Map([
  ['Won', WON],
  ['Lost', LOST],
]);

function historyOf(row: Readonly<Record<string, string>>): readonly StateEvent[] {
  const dayOf = (column: string): number => dayNumber(Temporal.PlainDate.from(row[column] ?? ''));
  if (!row['engage_date']) return [];
  const engaged = { t: dayOf('engage_date'), state: 0 };
  const outcome = OUTCOMES.get(row['deal_stage'] ?? '');
  return outcome === undefined || !row['close_date']
    ? [engaged]
    : [engaged, { t: dayOf('close_date'), state: outcome }];
}

describe.runIf(isHere)('a history of one stage, with deals that never had a date', () => {
  it('is replayed without a crash, and the verdict does not hide what it rests on', () => {
    const rows: Record<string, string>[] = parse(readFileSync(FILE), { columns: true });
    const log = stateLog(rows.map(historyOf));
    const day = (text: string) => dayNumber(Temporal.PlainDate.from(text));
    const scores = scoreReplay(
      replay({
        log,
        amountsMinor: rows.map((row) => (row['close_value'] ? BigInt(row['close_value']) * 100n : null)),
        milestones: [{ weightBps: 5000, typicalDays: 50 }],
        firstOriginDay: day('2017-05-01'),
        untilDay: day('2017-12-31'),
        everyDays: 7,
        horizons: [{ kind: 'days', days: 35 }],
      }),
    );
    expect(log.deals).toBe(8_800);
    const [score] = scores;
    expect(score?.independentWindows).toBe(6);
    expect(score?.withoutAmount).toBeGreaterThan(500);
    expect(score?.counts.jalon.wape).toBeGreaterThan(0);
    expect(['better', 'similar', 'worse']).toContain(score?.verdict.kind);
  });
});
