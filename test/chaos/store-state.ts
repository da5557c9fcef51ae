/** Reads what a killed process left behind, and what the store holds at the end of a round. */
import type { Services } from '../../src/cli/app.ts';
import type { Deal, GrossAmount } from '../../src/core/deals/deal.ts';
import type { ConnectionId } from '../../src/core/values/ids.ts';
import { moneyToText } from '../../src/core/values/money.ts';
import type { LeftBehind, StoredDeal, StoreState } from './order.ts';

export async function leftBehind(
  { store, tenantId }: Services,
  connectionId: ConnectionId,
  key: string,
): Promise<LeftBehind> {
  return await store.inTenant(tenantId, async ({ effects, digests, receipts }) => {
    const rows = await effects.list({});
    const mails = await digests.list(connectionId);
    return {
      claimed: rows.filter((row) => row.state === 'claimed').map((row) => row.kind),
      pending: rows.filter((row) => row.state === 'pending').length,
      handingOver: mails.filter((row) => row.state === 'handing_over').map((row) => row.id),
      composing: mails.filter((row) => row.state === 'claimed').length,
      unsettled: (await receipts.unsettled(connectionId)).length,
      round: rows.find((row) => row.key === key)?.state ?? null,
    };
  });
}

export async function storeState(
  { store, tenantId }: Services,
  connectionId: ConnectionId,
): Promise<StoreState> {
  return await store.inTenant(tenantId, async (tenant) => {
    const managers = new Map((await tenant.settings.managers()).map(({ id, email }) => [id, email]));
    const acknowledged = await tenant.receipts.acknowledged(connectionId);
    return {
      deals: (await tenant.records.deals(connectionId)).map(storedDeal),
      rejected: (await tenant.records.rejections(connectionId)).map((rejection) => rejection.externalId),
      acknowledged: Object.fromEntries(
        [...acknowledged].map(([deal, values]) => [deal, Object.fromEntries(values)]),
      ),
      unsettled: (await tenant.receipts.unsettled(connectionId)).length,
      digests: (await tenant.digests.list(connectionId)).map(({ id, managerId, isoWeek, state, reason }) => ({
        id,
        email: managers.get(managerId) ?? managerId,
        isoWeek,
        state,
        reason,
      })),
      effects: (await tenant.effects.list({})).map(({ kind, key, state, lastError }) => ({
        kind,
        key,
        state,
        lastError,
      })),
    };
  });
}

export function storedDeal(deal: Deal): StoredDeal {
  return {
    id: deal.id,
    stage: deal.stageId,
    pipeline: deal.pipelineId,
    amount: amountText(deal.amount),
    closeDate: deal.closeDate?.toString() ?? null,
    owner: deal.ownerId,
    stages: deal.stageHistory.map((entry) => `${entry.stageId}@${entry.enteredAt.epochMilliseconds}`),
  };
}

function amountText(amount: GrossAmount): string {
  if (amount.kind === 'missing') return 'missing';
  return amount.kind === 'money' ? `${moneyToText(amount.money)} ${amount.money.currency}` : amount.text;
}
