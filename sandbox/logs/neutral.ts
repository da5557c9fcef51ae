import { join } from 'node:path';
import { readMapping } from './mapping.ts';
import { cell, momentMs, type Row, readTable, tableIn } from './table.ts';
import {
  type EventLog,
  type LogDeal,
  LogError,
  type LogOwner,
  type LogStage,
  type UnplacedRow,
} from './types.ts';

/** The neutral form, docs/event-log.md: deals.csv, stages.csv, mapping.yaml and, if wanted, owners.csv; each CSV may be gzipped. */
export function readNeutralLog(folder: string): EventLog {
  const [dealsFile, stagesFile] = [tableIn(folder, 'deals.csv'), tableIn(folder, 'stages.csv')];
  if (dealsFile === null || stagesFile === null)
    throw new LogError(`deals.csv and stages.csv are both needed in ${folder}`);
  const mappingFile = join(folder, 'mapping.yaml');
  const mapping = readMapping(mappingFile);
  const unplaced: UnplacedRow[] = [];
  const deals = dealsFrom(readTable(dealsFile, ['deal_id', 'created_at']), mapping.zone, unplaced);
  const known = new Set(deals.map((deal) => deal.dealId));
  const stages = stagesFrom(
    readTable(stagesFile, ['deal_id', 'entered_at', 'stage']),
    mapping.zone,
    known,
    unplaced,
  );
  const owners = ownersFrom(folder);
  return { form: 'neutral', mapping, mappingFile, deals, stages, amounts: [], owners, unplaced };
}

function dealsFrom(rows: readonly Row[], zone: string, unplaced: UnplacedRow[]): readonly LogDeal[] {
  const seen = new Set<string>();
  const deals: LogDeal[] = [];
  for (const row of rows) {
    const dealId = cell(row, 'deal_id');
    const created = cell(row, 'created_at');
    const createdAtMs = created === null ? null : momentMs(created, zone);
    const reason = rowProblem(dealId, created, createdAtMs, seen);
    if (dealId === null || createdAtMs === null || reason !== null) {
      unplaced.push({ file: 'deals.csv', dealId: dealId ?? '', reason: reason ?? 'ID_MISSING' });
      continue;
    }
    seen.add(dealId);
    deals.push({
      dealId,
      name: cell(row, 'name') ?? '',
      amount: cell(row, 'amount'),
      currency: cell(row, 'currency'),
      owner: cell(row, 'owner'),
      pipeline: cell(row, 'pipeline'),
      createdAtMs,
      expectedClose: cell(row, 'expected_close'),
      company: cell(row, 'company'),
    });
  }
  return deals;
}

function rowProblem(
  dealId: string | null,
  date: string | null,
  ms: number | null,
  seen: ReadonlySet<string>,
): UnplacedRow['reason'] | null {
  if (dealId === null) return 'ID_MISSING';
  if (seen.has(dealId)) return 'ID_DUPLICATE';
  if (date === null) return 'NO_DATE';
  return ms === null ? 'DATE_UNREADABLE' : null;
}

function stagesFrom(
  rows: readonly Row[],
  zone: string,
  known: ReadonlySet<string>,
  unplaced: UnplacedRow[],
): readonly LogStage[] {
  const stages: LogStage[] = [];
  for (const row of rows) {
    const dealId = cell(row, 'deal_id') ?? '';
    const at = cell(row, 'entered_at');
    const atMs = at === null ? null : momentMs(at, zone);
    if (!known.has(dealId) || atMs === null) {
      const reason = !known.has(dealId) ? 'DEAL_UNKNOWN' : at === null ? 'NO_DATE' : 'DATE_UNREADABLE';
      unplaced.push({ file: 'stages.csv', dealId, reason });
      continue;
    }
    stages.push({ dealId, atMs, stage: cell(row, 'stage') ?? '', owner: cell(row, 'owner') });
  }
  return stages;
}

function ownersFrom(folder: string): readonly LogOwner[] {
  const file = tableIn(folder, 'owners.csv');
  if (file === null) return [];
  return readTable(file, ['owner', 'name']).map((row) => ({
    owner: row['owner'] ?? '',
    name: row['name'] ?? '',
    email: cell(row, 'email') ?? '',
    team: cell(row, 'team'),
  }));
}
