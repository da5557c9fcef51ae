/** Pipedrive deal -> Deal, and what else a deal's row tells. Pure. Names are kept as they are. */
import type { Activity, Deal, DealFlag, DealTombstone } from '../../src/core/deals/deal.ts';
import { asId } from '../../src/core/values/ids.ts';
import { type PastSource, pastOf } from './deal-past.ts';
import type { DealRow } from './deal-row.ts';
import { positionOf } from './deal-story.ts';
import type { AccountFacts } from './directory.ts';
import type { PipedriveField } from './schema.ts';
import { knownInstant } from './times.ts';

/** `evidence`: logical name -> field, for the names that evidence rules look at and that the account has. */
export function dealFromPipedrive(
  row: DealRow,
  facts: AccountFacts,
  evidence: ReadonlyMap<string, PipedriveField>,
  past: PastSource,
): Deal {
  const { source } = row;
  const { stageHistory, closeDateHistory, properties, complete } = pastOf(row, evidence, past);
  const ownerId = source.owner_id == null ? null : String(source.owner_id);
  return {
    id: row.id,
    name: source.title ?? '',
    pipelineId: asId(row.pipelineId),
    stageId: asId(positionOf(source.status, row.stageId)),
    amount: row.amount.gross,
    closeDate: row.closeDate,
    ownerId: ownerId === null ? null : asId(ownerId),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    stageHistory,
    closeDateHistory,
    properties,
    companyIds: source.org_id == null ? [] : [asId(String(source.org_id))],
    contactIds: source.person_id == null ? [] : [asId(String(source.person_id))],
    flags: flagsOf([
      ['amount_rounded', row.amount.rounded],
      ['close_date_missing', row.closeDate === null],
      ['close_before_creation', closesBefore(row, facts.zone)],
      ['owner_missing', ownerId === null],
      ['owner_unknown', ownerId !== null && !facts.ownerIds.has(ownerId)],
      ['stage_unknown', !facts.stageIds.has(row.stageId)],
      ['history_incomplete', !complete],
    ]),
  };
}

/** Deleted deals say when they last changed, not when they were deleted: the deletion bumps it. */
export function tombstoneOf(row: DealRow, reason: 'deleted' | 'archived'): DealTombstone {
  const archivedAt = reason === 'archived' ? knownInstant(row.source.archive_time) : null;
  const at =
    archivedAt !== null && Temporal.Instant.compare(archivedAt, row.updatedAt) > 0
      ? archivedAt
      : row.updatedAt;
  return { id: row.id, reason, mergedInto: null, at };
}

/** Mails are no activities in Pipedrive; a deal tells when the last one came in, and that is a proof that the customer answered. */
export function mailActivityOf(row: DealRow): Activity | null {
  const at = knownInstant(row.source.last_incoming_mail_time);
  if (at === null) return null;
  return {
    id: asId(`mail-in:${row.id}`),
    kind: 'email',
    at,
    ownerId: row.source.owner_id == null ? null : asId(String(row.source.owner_id)),
    withCustomer: true,
    title: '',
    dealIds: [row.id],
    updatedAt: Temporal.Instant.compare(at, row.updatedAt) > 0 ? at : row.updatedAt,
  };
}

function closesBefore({ closeDate, createdAt }: DealRow, zone: string): boolean {
  if (closeDate === null) return false;
  return Temporal.PlainDate.compare(closeDate, createdAt.toZonedDateTimeISO(zone).toPlainDate()) < 0;
}

function flagsOf(rows: readonly (readonly [DealFlag, boolean])[]): DealFlag[] {
  return rows.filter(([, raised]) => raised).map(([flag]) => flag);
}
