/** An event log as a replay wants it: deals with their stage histories and the company file that belongs to them. No CRM is played. */
import { readFileSync } from 'node:fs';
import { readLog } from '../../sandbox/logs/read-log.ts';
import type { EventLog, LogDeal } from '../../sandbox/logs/types.ts';
import type { LoggedCompany } from '../cli/app.ts';
import type { Deal, GrossAmount, StageEntry } from '../core/deals/deal.ts';
import { parseCurrency } from '../core/values/currency.ts';
import { asId, type DealId, type OwnerId, type PipelineId, type StageId } from '../core/values/ids.ts';
import { parseMoney } from '../core/values/money.ts';

/** Throws `LogError` (LOG_UNREADABLE) when the folder holds no log. */
export function loggedCompany(folder: string): LoggedCompany {
  const log = readLog(folder);
  const lastMs = log.stages.reduce((latest, stage) => Math.max(latest, stage.atMs), 0);
  return {
    companyYaml: readFileSync(log.mappingFile, 'utf8'),
    companyFile: log.mappingFile,
    deals: dealsOf(log),
    lastDay: Temporal.Instant.fromEpochMilliseconds(lastMs)
      .toZonedDateTimeISO(log.mapping.zone)
      .toPlainDate(),
    unplacedRows: log.unplaced.length,
  };
}

function dealsOf(log: EventLog): readonly Deal[] {
  const histories = new Map<string, StageEntry[]>();
  for (const { dealId, atMs, stage } of log.stages) {
    const entry = {
      stageId: asId<StageId>(stage),
      enteredAt: Temporal.Instant.fromEpochMilliseconds(atMs),
    };
    const known = histories.get(dealId);
    if (known === undefined) histories.set(dealId, [entry]);
    else known.push(entry);
  }
  const laterAmounts = new Map(log.amounts.map(({ dealId, amount }) => [dealId, amount]));
  return log.deals.map((deal) =>
    dealOf(log, deal, histories.get(deal.dealId) ?? [], deal.amount ?? laterAmounts.get(deal.dealId) ?? null),
  );
}

/** The amount is the one that the deal was born with: what it was worth in the end was not known on the Mondays that are replayed. */
function dealOf(log: EventLog, deal: LogDeal, history: readonly StageEntry[], amount: string | null): Deal {
  const createdAt = Temporal.Instant.fromEpochMilliseconds(deal.createdAtMs);
  const pipeline = deal.pipeline ?? log.mapping.pipelines[0]?.id ?? '';
  const last = history.at(-1);
  return {
    id: asId<DealId>(deal.dealId),
    name: deal.name,
    pipelineId: asId<PipelineId>(pipeline),
    stageId: last?.stageId ?? asId<StageId>(''),
    amount: amountOf(amount, deal.currency ?? log.mapping.currency),
    closeDate: null,
    ownerId: deal.owner === null ? null : asId<OwnerId>(deal.owner),
    createdAt,
    updatedAt: last?.enteredAt ?? createdAt,
    stageHistory: history,
    closeDateHistory: [],
    properties: [],
    companyIds: [],
    contactIds: [],
    flags: [],
  };
}

function amountOf(text: string | null, code: string): GrossAmount {
  if (text === null) return { kind: 'missing' };
  const currency = parseCurrency(code);
  if (!currency.ok) return { kind: 'unusable', text, reason: 'currency_unknown' };
  const parsed = parseMoney(text, currency.value);
  if (!parsed.ok) return { kind: 'unusable', text, reason: 'absurd' };
  return parsed.value.money.amountMinor < 0n
    ? { kind: 'unusable', text, reason: 'negative' }
    : { kind: 'money', money: parsed.value.money };
}
