import type { Confirmation } from '../core/milestones/evidence.ts';
import { asId, type ConnectionId, type DealId, type MilestoneKey } from '../core/values/ids.ts';
import type { TenantTransaction } from './database.ts';
import { cleanText } from './text.ts';
import { dateFromSql, dateToSql, instantToSql } from './time.ts';

interface Saying {
  readonly connectionId: ConnectionId;
  readonly dealId: DealId;
  readonly by: string;
  readonly at: Temporal.Instant;
}

/** Append-only: a manager who thinks again adds a second verdict, the first stays on record. */
export async function confirm(
  { tx, tenantId }: TenantTransaction,
  saying: Saying,
  confirmation: Confirmation,
): Promise<void> {
  await tx
    .insertInto('confirmation')
    .values({
      tenant_id: tenantId,
      connection_id: saying.connectionId,
      deal_id: saying.dealId,
      milestone: confirmation.milestone,
      confirmed_on: dateToSql(confirmation.confirmedOn),
      customer_person: cleanText(confirmation.customerPerson),
      link: cleanText(confirmation.link),
      verdict: confirmation.verdict,
      confirmed_by: cleanText(saying.by),
      at: instantToSql(saying.at),
    })
    .execute();
}

/** Per deal in the order they were said: of two about one milestone, the later is in force. */
export async function findConfirmations(
  { tx, tenantId }: TenantTransaction,
  connectionId: ConnectionId,
): Promise<ReadonlyMap<DealId, readonly Confirmation[]>> {
  const rows = await tx
    .selectFrom('confirmation')
    .select(['deal_id', 'milestone', 'confirmed_on', 'customer_person', 'link', 'verdict'])
    .where('tenant_id', '=', tenantId)
    .where('connection_id', '=', connectionId)
    .orderBy('at')
    .orderBy('seq')
    .execute();
  const perDeal = Map.groupBy(rows, (row) => asId<DealId>(row.deal_id));
  return new Map([...perDeal].map(([dealId, said]) => [dealId, said.map(confirmationFromSql)]));
}

/** The confirmation in a row of its table. */
export function confirmationFromSql(row: {
  readonly milestone: string;
  readonly confirmed_on: string;
  readonly customer_person: string;
  readonly link: string;
  readonly verdict: Confirmation['verdict'];
}): Confirmation {
  return {
    milestone: asId<MilestoneKey>(row.milestone),
    confirmedOn: dateFromSql(row.confirmed_on),
    customerPerson: row.customer_person,
    link: row.link,
    verdict: row.verdict,
  };
}
