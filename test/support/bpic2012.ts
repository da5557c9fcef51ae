import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { ChainMilestone } from '../../src/core/odds/chain-model.ts';
import { LOST, type StateEvent, type StateLog, stateLog, WON } from '../../src/core/odds/history.ts';
import { dayCounter, dayNumber } from '../../src/core/odds/history-days.ts';

/** Real stage histories with amounts (consumer loans, 13,087 cases). Not part of the project: looked for beside it. */
const FOLDER = new URL('../../../shared/data/bpic2012/', import.meta.url);

export const bpic2012IsHere = existsSync(new URL('stage_history.csv.gz', FOLDER));

/** Submitted, Preaccepted, Accepted, OfferSent, OfferBack, as forecast-model section 8 names them. */
const STATES: ReadonlyMap<string, number> = new Map([
  ['A_SUBMITTED', 0],
  ['A_PREACCEPTED', 1],
  ['A_ACCEPTED', 2],
  ['O_SENT', 3],
  ['O_SENT_BACK', 4],
  ['A_APPROVED', WON],
  ['A_ACTIVATED', WON],
  ['A_REGISTERED', WON],
  ['A_DECLINED', LOST],
  ['A_CANCELLED', LOST],
]);

export const bpicMilestones: readonly ChainMilestone[] = [
  { weightBps: 1000, typicalDays: 1 },
  { weightBps: 2500, typicalDays: 5 },
  { weightBps: 4000, typicalDays: 5 },
  { weightBps: 6000, typicalDays: 10 },
  { weightBps: 8000, typicalDays: 5 },
];

/** Day 0 of section 8. */
export const bpicEpochDay = dayNumber(Temporal.PlainDate.from('2011-10-01'));

export interface Bpic {
  readonly histories: readonly (readonly StateEvent[])[];
  readonly log: StateLog;
  readonly amountsMinor: readonly (bigint | null)[];
}

export function readBpic2012(): Bpic {
  // The check values of section 8 were computed on UTC days.
  const dayOf = dayCounter('UTC');
  const cases = readTable('cases.csv.gz');
  const histories = new Map<string, StateEvent[]>(cases.map((row) => [row['case_id'] ?? '', []]));
  for (const row of readTable('stage_history.csv.gz')) {
    const state = STATES.get(row['stage'] ?? '');
    const instant = Temporal.Instant.from(row['timestamp'] ?? '');
    if (state !== undefined) histories.get(row['case_id'] ?? '')?.push({ t: dayOf(instant), state });
  }
  const events = [...histories.values()];
  const amountsMinor = cases.map((row) => (row['amount_req'] ? BigInt(row['amount_req']) * 100n : null));
  return { histories: events, log: stateLog(events), amountsMinor };
}

function readTable(name: string): Record<string, string>[] {
  return parse(gunzipSync(readFileSync(new URL(name, FOLDER))), { columns: true });
}
