/** HubSpot deal -> Deal, or a Rejection that says which field could not be read. Pure. Names are kept as they are. */

import type {
  Deal,
  DealFlag,
  DealTombstone,
  GrossAmount,
  Rejection,
  RejectionCode,
} from '../../src/core/deals/deal.ts';
import { parseCurrency } from '../../src/core/values/currency.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { parseMoney } from '../../src/core/values/money.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import type { AccountFacts } from './directory.ts';
import { closeDateHistoryOf, filledPropertiesOf, stageHistoryOf } from './property-history.ts';
import { type HubspotRecord, recordSchema } from './schema.ts';
import { type HubspotTextDate, instantFromText } from './text-dates.ts';

/** Properties of a deal that are read for themselves, beside those that evidence rules look at. */
export const DEAL_PROPERTIES = [
  'dealname',
  'amount',
  'deal_currency_code',
  'closedate',
  'createdate',
  'dealstage',
  'pipeline',
  'hubspot_owner_id',
  'hs_lastmodifieddate',
  'hs_merged_object_ids',
] as const;

export interface NormalisedDeal {
  readonly deal: Deal;
  /** Deals that were merged into this one: they have left, and their amount counts once. */
  readonly tombstones: readonly DealTombstone[];
  /** Association lists that HubSpot cut short in this reply ("contacts", "companies"). */
  readonly cutAssociations: readonly string[];
}

/** `evidenceProperties`: HubSpot names whose present value and its date are wanted. */
export function dealFromHubspot(
  raw: unknown,
  facts: AccountFacts,
  evidenceProperties: readonly string[],
): Result<NormalisedDeal, Rejection> {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('deal', raw, parsed.error.issues[0]?.path ?? []));
  const record = parsed.data;
  const properties = record.properties;
  const reject = (code: RejectionCode, field: string): Result<never, Rejection> =>
    err({ object: 'deal', externalId: record.id, code, field });

  const createdAt = createdAtOf(record);
  if (createdAt === null) return reject('CREATED_MISSING', 'createdate');
  if (createdAt === 'unreadable') return reject('DATE_UNREADABLE', 'createdate');
  const stage = textOf(properties['dealstage']);
  if (stage === null) return reject('STAGE_MISSING', 'dealstage');
  const pipeline = textOf(properties['pipeline']);
  if (pipeline === null) return reject('PIPELINE_MISSING', 'pipeline');
  const closeDate = instantFromText(properties['closedate'], facts.zone);
  if (closeDate === 'unreadable') return reject('DATE_UNREADABLE', 'closedate');
  const amount = amountOf(properties, facts);
  if (amount === 'unreadable') return reject('AMOUNT_UNREADABLE', 'amount');

  const updatedAt = updatedAtOf(record);
  const stages = stageHistoryOf(record, stage, { createdAt, updatedAt });
  const closeDates = closeDateHistoryOf(record, facts.zone);
  const filled = filledPropertiesOf(record, evidenceProperties, updatedAt);
  const ownerId = textOf(properties['hubspot_owner_id']);
  const deal: Deal = {
    id: asId(record.id),
    name: properties['dealname'] ?? '',
    pipelineId: asId(pipeline),
    stageId: asId(stage),
    amount: amount.gross,
    closeDate: closeDate?.day ?? null,
    ownerId: ownerId === null ? null : asId(ownerId),
    createdAt,
    updatedAt,
    stageHistory: stages.entries,
    closeDateHistory: closeDates.changes,
    properties: filled.properties,
    companyIds: associatedIds(record, 'companies').map((id) => asId(id)),
    contactIds: associatedIds(record, 'contacts').map((id) => asId(id)),
    flags: flagsOf([
      ['amount_rounded', amount.rounded],
      ['close_date_missing', closeDate === null],
      ['close_before_creation', closesBefore(closeDate, createdAt, facts.zone)],
      ['owner_missing', ownerId === null],
      ['owner_unknown', ownerId !== null && !facts.ownerIds.has(ownerId)],
      ['stage_unknown', !facts.stageIds.has(stage)],
      ['history_incomplete', !stages.complete || !closeDates.complete || !filled.complete],
    ]),
  };
  return ok({ deal, tombstones: mergedAway(record, updatedAt), cutAssociations: cutAssociations(record) });
}

/** Ids linked to a record, each once: one pair of records often carries several labels. */
export function associatedIds(record: HubspotRecord, to: string): string[] {
  return [...new Set((record.associations?.[to]?.results ?? []).map((row) => row.id))];
}

/** Lists above about 100 ids come with a `paging` in place of the rest. */
function cutAssociations(record: HubspotRecord): string[] {
  return Object.entries(record.associations ?? {})
    .filter(([, list]) => list.paging?.next !== undefined)
    .map(([to]) => to);
}

/** Search and list may disagree on `updatedAt`; the property is what searches filter on, so it rules. */
export function updatedAtOf(record: HubspotRecord, property = 'hs_lastmodifieddate'): Temporal.Instant {
  const modified = instantFromText(record.properties[property], 'UTC');
  return modified === null || modified === 'unreadable' ? record.updatedAt : modified.at;
}

export function unexpectedShape(
  object: Rejection['object'],
  raw: unknown,
  path: readonly PropertyKey[],
): Rejection {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  const field = path.map(String).join('.');
  if (typeof id !== 'string' || id === '') return { object, externalId: '', code: 'ID_MISSING', field };
  return { object, externalId: id, code: 'SHAPE_UNEXPECTED', field };
}

/** HubSpot sends "" and null alike for "no value". */
export function textOf(value: string | null | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function createdAtOf(record: HubspotRecord): Temporal.Instant | null | 'unreadable' {
  const created = instantFromText(record.properties['createdate'], 'UTC');
  if (created === 'unreadable') return 'unreadable';
  return created?.at ?? record.createdAt ?? null;
}

type Amount = { readonly gross: GrossAmount; readonly rounded: boolean };

/** `amount` is in `deal_currency_code`. Never a default: what cannot be used keeps its text and the reason. */
function amountOf(properties: HubspotRecord['properties'], facts: AccountFacts): Amount | 'unreadable' {
  const text = textOf(properties['amount']);
  if (text === null) return { gross: { kind: 'missing' }, rounded: false };
  const code = textOf(properties['deal_currency_code']);
  const currency = code === null ? null : parseCurrency(code);
  const parsed = parseMoney(text, currency?.ok ? currency.value : facts.currency);
  if (!parsed.ok && parsed.error.code === 'AMOUNT_UNREADABLE') return 'unreadable';
  const unusable = (reason: Extract<GrossAmount, { kind: 'unusable' }>['reason']): Amount => ({
    gross: { kind: 'unusable', text, reason },
    rounded: false,
  });
  if (!parsed.ok) return unusable('absurd');
  if (currency !== null && !currency.ok) return unusable('currency_unknown');
  if (currency === null && facts.severalCurrencies) return unusable('currency_missing');
  if (parsed.value.money.amountMinor < 0n) return unusable('negative');
  return { gross: { kind: 'money', money: parsed.value.money }, rounded: parsed.value.rounded };
}

function closesBefore(closeDate: HubspotTextDate | null, createdAt: Temporal.Instant, zone: string): boolean {
  if (closeDate === null) return false;
  const createdOn = createdAt.toZonedDateTimeISO(zone).toPlainDate();
  return Temporal.PlainDate.compare(closeDate.day, createdOn) < 0;
}

function flagsOf(rows: readonly (readonly [DealFlag, boolean])[]): DealFlag[] {
  return rows.filter(([, raised]) => raised).map(([flag]) => flag);
}

function mergedAway(record: HubspotRecord, at: Temporal.Instant): DealTombstone[] {
  const ids = (record.properties['hs_merged_object_ids'] ?? '').split(';').map((id) => id.trim());
  const lost = ids.filter((id) => id !== '' && id !== record.id);
  const mergedInto = asId<DealId>(record.id);
  return lost.map((id) => ({ id: asId(id), reason: 'merged', mergedInto, at }));
}
