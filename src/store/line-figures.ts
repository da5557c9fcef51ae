/** The figures of a snapshot's lines as rows of plain JSON arrays: no tags and no names, because 50,000 of them are read for one page. */

import type { ForecastLine, LineFigures } from '../core/forecast/forecast-types.ts';
import { epochDayOf } from '../core/values/calendar.ts';
import type { SnapshotId } from '../core/values/ids.ts';
import type { TenantTransaction } from './database.ts';
import { chunksOf } from './text.ts';

/** About a megabyte of text. */
const LINES_PER_ROW = 5_000;

export async function insertFigures(
  { tx, tenantId }: TenantTransaction,
  id: SnapshotId,
  lines: readonly ForecastLine[],
): Promise<void> {
  for (const [position, chunk] of chunksOf(lines, LINES_PER_ROW).entries())
    await tx
      .insertInto('forecast_figures')
      .values({ tenant_id: tenantId, snapshot_id: id, position, body: JSON.stringify(chunk.map(encode)) })
      .execute();
}

/** Null for a snapshot that was made before they were kept. */
export async function findFigures(
  own: TenantTransaction,
  id: SnapshotId,
): Promise<readonly LineFigures[] | null> {
  const rows = await own.tx
    .selectFrom('forecast_figures')
    .select('body')
    .where('tenant_id', '=', own.tenantId)
    .where('snapshot_id', '=', id)
    .orderBy('position')
    .execute();
  if (rows.length === 0) return null;
  const days = dayReader();
  return rows.flatMap(({ body }) => (JSON.parse(body) as Encoded[]).map((line) => decode(line, days)));
}

/** Amounts that fit are numbers, larger ones text; days count from 1970. */
type Encoded = ReturnType<typeof encode>;

function encode(line: LineFigures) {
  const day = (date: Temporal.PlainDate | null): number | null => date && epochDayOf(date);
  return [
    line.dealId,
    line.dealName,
    line.ownerId,
    line.pipelineId,
    line.standing,
    line.exclusion,
    line.verified,
    amount(line.grossMinor),
    amount(line.netMinor),
    amount(line.unprovenMinor),
    line.odds,
    line.oddsBy ?? null,
    amount(line.expectedMinor),
    amount(line.wonInPeriodMinor),
    day(line.closedOn),
    day(line.closeDate),
    day(line.realisticClose),
    line.flags,
  ] as const;
}

function decode(line: Encoded, days: (day: number) => Temporal.PlainDate): LineFigures {
  const date = (day: number | null): Temporal.PlainDate | null => (day === null ? null : days(day));
  const oddsBy = line[11];
  return {
    dealId: line[0],
    dealName: line[1],
    ownerId: line[2],
    pipelineId: line[3],
    standing: line[4],
    exclusion: line[5],
    verified: line[6],
    grossMinor: BigInt(line[7]),
    netMinor: BigInt(line[8]),
    unprovenMinor: BigInt(line[9]),
    odds: line[10],
    ...(oddsBy === null ? {} : { oddsBy }),
    expectedMinor: BigInt(line[12]),
    wonInPeriodMinor: BigInt(line[13]),
    closedOn: date(line[14]),
    closeDate: date(line[15]),
    realisticClose: date(line[16]),
    flags: line[17],
  };
}

function amount(minor: bigint): number | string {
  const number = Number(minor);
  return Number.isSafeInteger(number) ? number : minor.toString();
}

/** One object per day that occurs, not per line. */
function dayReader(): (day: number) => Temporal.PlainDate {
  const epoch = Temporal.PlainDate.from('1970-01-01');
  const known = new Map<number, Temporal.PlainDate>();
  return (day) => {
    const date = known.get(day) ?? epoch.add({ days: day });
    known.set(day, date);
    return date;
  };
}
