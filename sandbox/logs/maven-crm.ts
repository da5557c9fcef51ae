import { join } from 'node:path';
import { readMapping } from './mapping.ts';
import { cell, momentMs, type Row, readTable } from './table.ts';
import type { EventLog, LogAmount, LogDeal, LogOwner, LogStage, UnplacedRow } from './types.ts';

/**
 * Maven's "CRM sales opportunities": an invented company, one row per deal with the day it was engaged and the day it was closed, no stage
 * history. Rules of this reader, all of them visible in its result:
 * - Rows without `engage_date` (every Prospecting row) have no place in time: they are listed as unplaced.
 * - A deal is worth its product's list price until it is won; then `close_value`. `close_value` is not shown earlier: it is the future.
 *   A lost deal keeps the list price: its `close_value` 0 is the generator's, not a quotation.
 * - "GTXPro" in the pipeline is "GTX Pro" in the price list: names are joined without their blanks. No price: the amount stays missing.
 */
export function readMavenCrm(folder: string, mappingFile: string): EventLog {
  const mapping = readMapping(mappingFile);
  const prices = pricesFrom(folder);
  const unplaced: UnplacedRow[] = [];
  const deals: LogDeal[] = [];
  const stages: LogStage[] = [];
  const amounts: LogAmount[] = [];
  for (const row of readTable(join(folder, 'sales_pipeline.csv'), [
    'opportunity_id',
    'engage_date',
    'close_date',
  ])) {
    const dealId = row['opportunity_id'] ?? '';
    const engaged = cell(row, 'engage_date');
    const createdAtMs = engaged === null ? null : momentMs(engaged, mapping.zone);
    if (createdAtMs === null) {
      unplaced.push({
        file: 'sales_pipeline.csv',
        dealId,
        reason: engaged === null ? 'NO_DATE' : 'DATE_UNREADABLE',
      });
      continue;
    }
    deals.push(dealFrom(row, dealId, createdAtMs, prices));
    stages.push({ dealId, atMs: createdAtMs, stage: 'Engaging', owner: null });
    const closed = closing(row, mapping.zone);
    if (closed === null) continue;
    stages.push({ dealId, ...closed, owner: null });
    const value = cell(row, 'close_value');
    if (closed.stage === 'Won' && value !== null) amounts.push({ dealId, atMs: closed.atMs, amount: value });
  }
  return {
    form: 'maven_crm',
    mapping,
    mappingFile,
    deals,
    stages,
    amounts,
    owners: ownersFrom(folder),
    unplaced,
  };
}

function dealFrom(
  row: Row,
  dealId: string,
  createdAtMs: number,
  prices: ReadonlyMap<string, string>,
): LogDeal {
  const product = cell(row, 'product');
  const account = cell(row, 'account');
  return {
    dealId,
    name: [account ?? dealId, product].filter((part) => part !== null).join(' - '),
    amount: prices.get(joinName(product ?? '')) ?? null,
    currency: 'USD',
    owner: cell(row, 'sales_agent'),
    pipeline: null,
    createdAtMs,
    expectedClose: null,
    company: account,
  };
}

function closing(row: Row, zone: string): { readonly atMs: number; readonly stage: 'Won' | 'Lost' } | null {
  const stage = row['deal_stage'];
  const closed = cell(row, 'close_date');
  const atMs = closed === null ? null : momentMs(closed, zone);
  return atMs !== null && (stage === 'Won' || stage === 'Lost') ? { atMs, stage } : null;
}

function pricesFrom(folder: string): ReadonlyMap<string, string> {
  const rows = readTable(join(folder, 'products.csv'), ['product', 'sales_price']);
  return new Map(rows.map((row) => [joinName(row['product'] ?? ''), row['sales_price'] ?? '']));
}

function joinName(product: string): string {
  return product.replaceAll(' ', '').toLowerCase();
}

function ownersFrom(folder: string): readonly LogOwner[] {
  return readTable(join(folder, 'sales_teams.csv'), ['sales_agent', 'manager']).map((row) => {
    const name = row['sales_agent'] ?? '';
    return {
      owner: name,
      name,
      email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`,
      team: cell(row, 'manager'),
    };
  });
}
