import { join } from 'node:path';
import { readMapping } from './mapping.ts';
import { cell, momentMs, readTable } from './table.ts';
import type { EventLog, LogDeal, LogStage, UnplacedRow } from './types.ts';

/**
 * The BPI Challenge 2012 log (doi 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f): a loan application is a deal, an A_ or O_ event a
 * stage. The columns `outcome`, `outcome_at` and the counts were derived from the whole life of a case: reading them would tell the future.
 */
export function readBpic2012(folder: string, mappingFile: string): EventLog {
  const mapping = readMapping(mappingFile);
  const unplaced: UnplacedRow[] = [];
  const stages = stagesFrom(folder, mapping.zone, unplaced);
  const firstOwner = new Map<string, string>();
  for (const { dealId, owner } of stages) {
    if (owner !== null && !firstOwner.has(dealId)) firstOwner.set(dealId, owner);
  }
  const deals: LogDeal[] = [];
  for (const row of readTable(join(folder, 'cases.csv.gz'), ['case_id', 'reg_date', 'amount_req'])) {
    const dealId = row['case_id'] ?? '';
    const createdAtMs = momentMs(row['reg_date'] ?? '', mapping.zone);
    if (createdAtMs === null) {
      unplaced.push({ file: 'cases.csv.gz', dealId, reason: 'DATE_UNREADABLE' });
      continue;
    }
    deals.push({
      dealId,
      name: `Application ${dealId}`,
      amount: cell(row, 'amount_req'),
      currency: 'EUR',
      owner: firstOwner.get(dealId) ?? null,
      pipeline: null,
      createdAtMs,
      expectedClose: null,
      company: null,
    });
  }
  const owners = [...new Set(stages.map((stage) => stage.owner).filter((owner) => owner !== null))].map(
    (owner) => ({
      owner,
      name: `Resource ${owner}`,
      email: `resource.${owner}@example.com`,
      team: null,
    }),
  );
  return { form: 'bpic2012', mapping, mappingFile, deals, stages, amounts: [], owners, unplaced };
}

/** The file is ordered by case and seq; ties of one instant keep that order. */
function stagesFrom(folder: string, zone: string, unplaced: UnplacedRow[]): readonly LogStage[] {
  const stages: LogStage[] = [];
  for (const row of readTable(join(folder, 'stage_history.csv.gz'), [
    'case_id',
    'seq',
    'timestamp',
    'stage',
  ])) {
    const dealId = row['case_id'] ?? '';
    const atMs = momentMs(row['timestamp'] ?? '', zone);
    if (atMs === null) unplaced.push({ file: 'stage_history.csv.gz', dealId, reason: 'DATE_UNREADABLE' });
    else stages.push({ dealId, atMs, stage: row['stage'] ?? '', owner: cell(row, 'owner_id') });
  }
  return stages;
}
