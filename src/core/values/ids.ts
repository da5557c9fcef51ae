/** Ids are strings: a CRM's ids exceed 2^53 and are never calculated with. The brand stops one kind from standing in for another. */
type Id<Kind extends string> = string & { readonly __id: Kind };

/** The company that uses Jalon. Everything stored belongs to exactly one. */
export type TenantId = Id<'tenant'>;
/** One CRM account connected by a tenant. */
export type ConnectionId = Id<'connection'>;
export type DealId = Id<'deal'>;
export type PipelineId = Id<'pipeline'>;
export type StageId = Id<'stage'>;
export type OwnerId = Id<'owner'>;
export type TeamId = Id<'team'>;
export type CompanyId = Id<'company'>;
export type ContactId = Id<'contact'>;
export type ActivityId = Id<'activity'>;
export type ProductId = Id<'product'>;
export type DealProductId = Id<'deal_product'>;
export type ManagerId = Id<'manager'>;
export type SnapshotId = Id<'snapshot'>;
export type MilestoneKey = Id<'milestone'>;

/** Names the kind of a text that is known to be an id: `asId<DealId>('42')`. */
export function asId<Kind extends Id<string>>(text: string): Kind {
  return text as Kind;
}
