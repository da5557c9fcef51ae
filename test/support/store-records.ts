import type { Activity, Deal, DealTombstone, Rejection } from '../../src/core/deals/deal.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import type { CurrencyCode } from '../../src/core/values/currency.ts';
import {
  type ActivityId,
  asId,
  type DealId,
  type ManagerId,
  type PipelineId,
  type SnapshotId,
  type StageId,
} from '../../src/core/values/ids.ts';
import type { PullPage } from '../../src/ports/connector.ts';
import type { SnapshotHeader } from '../../src/ports/snapshot-store.ts';
import type { OwnTenant } from './store-engines.ts';

/** Records in few words, for tests of the store. */
export const instant = (text: string): Temporal.Instant => Temporal.Instant.from(text);
export const date = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
export const dealId = (text: string): DealId => asId<DealId>(text);
export const managerId = (text: string): ManagerId => asId<ManagerId>(text);
export const EUR = 'EUR' as CurrencyCode;

export const MONDAY = instant('2026-11-16T06:00:00Z');

export function minutesAfter(start: Temporal.Instant, minutes: number): Temporal.Instant {
  return start.add({ seconds: minutes * 60 });
}

export function dealOf(id: string, changes: Partial<Deal> = {}): Deal {
  return {
    id: dealId(id),
    name: `Deal ${id}`,
    pipelineId: asId<PipelineId>('sales'),
    stageId: asId<StageId>('proposal'),
    amount: { kind: 'money', money: { amountMinor: 1_234_50n, currency: EUR } },
    closeDate: date('2026-12-15'),
    ownerId: null,
    createdAt: instant('2026-09-01T08:00:00Z'),
    updatedAt: instant('2026-11-10T10:00:00.123456Z'),
    stageHistory: [
      { stageId: asId<StageId>('contact'), enteredAt: instant('2026-09-01T08:00:00Z') },
      { stageId: asId<StageId>('proposal'), enteredAt: instant('2026-10-05T09:30:00.5Z') },
    ],
    closeDateHistory: [
      { closeDate: null, changedAt: instant('2026-09-01T08:00:00Z') },
      { closeDate: date('2026-12-15'), changedAt: instant('2026-10-05T09:30:00Z') },
    ],
    properties: [{ name: 'need', value: 'signed letter', filledAt: instant('2026-10-01T00:00:00Z') }],
    companyIds: [],
    contactIds: [],
    flags: [],
    ...changes,
  };
}

export function activityOf(
  id: string,
  dealIds: readonly string[],
  changes: Partial<Activity> = {},
): Activity {
  return {
    id: asId<ActivityId>(id),
    kind: 'meeting',
    at: instant('2026-11-01T09:00:00Z'),
    ownerId: null,
    withCustomer: true,
    title: `Meeting ${id}`,
    dealIds: dealIds.map(dealId),
    updatedAt: instant('2026-11-01T10:00:00Z'),
    ...changes,
  };
}

export function tombstoneOf(
  id: string,
  at: Temporal.Instant,
  changes: Partial<DealTombstone> = {},
): DealTombstone {
  return { id: dealId(id), reason: 'deleted', mergedInto: null, at, ...changes };
}

export function rejectionOf(externalId: string, changes: Partial<Rejection> = {}): Rejection {
  return { object: 'deal', externalId, code: 'AMOUNT_UNREADABLE', field: 'amount', ...changes };
}

export function pageOf(content: Partial<PullPage>): PullPage {
  return {
    lane: 'deals',
    deals: [],
    tombstones: [],
    companies: [],
    contacts: [],
    activities: [],
    rejections: [],
    cursor: {},
    ...content,
  };
}

/** Lands one page of the pull in a transaction of its own. */
export async function land(own: OwnTenant, content: Partial<PullPage>, pullId = 'pull-1'): Promise<void> {
  await own.run((tenant) => tenant.records.landPage(own.connectionId, pullId, pageOf(content)));
}

export async function dealsOf(own: OwnTenant): Promise<readonly Deal[]> {
  return own.run((tenant) => tenant.records.deals(own.connectionId));
}

export const MODEL: MilestoneModel = {
  version: 1,
  milestones: [],
  mapping: { won: { kind: 'won' } },
  excludedPipelines: [],
};

export function headerOf(
  own: OwnTenant,
  asOf: string,
  changes: Partial<SnapshotHeader> = {},
): SnapshotHeader {
  return {
    id: asId<SnapshotId>(`snapshot-${asOf}`),
    connectionId: own.connectionId,
    asOf: date(asOf),
    takenAt: MONDAY,
    company: {
      zone: 'Europe/Paris',
      currency: EUR,
      locale: 'fr',
      fiscalStartMonth: 1,
      periodKind: 'quarter',
      writeBack: 'plan_only',
    },
    model: MODEL,
    managers: [],
    targets: [{ managerId: null, periodKey: '2026-Q4', amountMinor: 500_000_00n, currency: EUR }],
    rates: [],
    owners: [],
    pipelines: [],
    rejections: 2,
    dataReadAt: MONDAY,
    ...changes,
  };
}
