import type { ActivityKind } from '../deals/deal.ts';
import { asId, type MilestoneKey, type PipelineId, type StageId } from '../values/ids.ts';

/** Weight in basis points: 6000 is 60 %. Integers, so that the law below is exact. */
export type WeightBps = number;

/** The milestone that every model ends with and no model lists: a won deal. */
export const SIGNED_KEY = asId<MilestoneKey>('signed');

/** The weight of a won deal. */
export const MAX_WEIGHT_BPS: WeightBps = 10_000;

export type Locale = 'fr' | 'en';

/** What proves a milestone. Any one rule of a milestone is enough; a milestone without rules cannot be proven. */
export type EvidenceRule =
  | { readonly kind: 'stage_entered' }
  | { readonly kind: 'property_filled'; readonly property: string }
  | {
      readonly kind: 'activity_with_customer';
      readonly activities: readonly ActivityKind[];
      readonly atLeast: number;
    }
  | { readonly kind: 'contact_role'; readonly roles: readonly string[] }
  | { readonly kind: 'signed_quote' }
  | { readonly kind: 'manager_confirmation' };

/**
 * One open milestone. `verbal` marks the verbal commitment. `optional` milestones are passed over when proof of them is missing.
 * `typicalDays` is the manager's idea of how long a deal stays here. Evidence older than `evidenceExpiresAfterDays` no longer proves.
 */
export interface Milestone {
  readonly key: MilestoneKey;
  readonly label: Readonly<Record<Locale, string>>;
  readonly weightBps: WeightBps;
  readonly typicalDays: number;
  readonly verbal: boolean;
  readonly optional: boolean;
  readonly evidence: readonly EvidenceRule[];
  readonly evidenceExpiresAfterDays: number | null;
}

/** What a CRM stage means. `keep`: the stage says nothing, the deal stays where the stage before left it. */
export type StageMeaning =
  | { readonly kind: 'milestone'; readonly key: MilestoneKey }
  | { readonly kind: 'won' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'keep' };

/** Open milestones in order, from first contact to the last one before the signature. Won weighs 10000, lost 0, by law. */
export interface MilestoneModel {
  readonly version: number;
  readonly milestones: readonly Milestone[];
  /**
   * By stage id, unique in an account; a plain object, so that a model can be frozen as JSON. A stage that is absent is *unmapped*: its deals are
   * counted and listed, never weighed.
   */
  readonly mapping: Readonly<Record<string, StageMeaning>>;
  /** Pipelines left out of every forecast (renewals, partners); empty means all count. */
  readonly excludedPipelines: readonly PipelineId[];
}

/** What the model says of a stage; null when the stage is unmapped. */
export function meaningOf(model: MilestoneModel, stageId: StageId): StageMeaning | null {
  return Object.hasOwn(model.mapping, stageId) ? (model.mapping[stageId] ?? null) : null;
}

/** Place of a milestone in the model, 0 for the first contact; -1 for no milestone, or one that this version no longer has. */
export function milestoneIndexOf(milestones: readonly Milestone[], key: MilestoneKey | null): number {
  return milestones.findIndex((milestone) => milestone.key === key);
}

/** Weight at a place in the model; nothing reached (-1) weighs nothing. */
export function weightAt(milestones: readonly Milestone[], index: number): WeightBps {
  return milestones[index]?.weightBps ?? 0;
}
