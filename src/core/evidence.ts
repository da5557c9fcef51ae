import type { MilestoneKey } from './ids.ts';
import type { EvidenceRule } from './milestone.ts';

/** A manager said that the customer validated a milestone: who at the customer, when, and where one can read it. */
export interface Confirmation {
  readonly milestone: MilestoneKey;
  readonly confirmedOn: Temporal.PlainDate;
  readonly customerPerson: string;
  readonly link: string;
  readonly verdict: 'confirmed' | 'refused';
}

/** One proof that stood on the day asked: which rule it satisfies and since when. */
export interface EvidenceFact {
  readonly milestone: MilestoneKey;
  readonly rule: EvidenceRule['kind'];
  readonly since: Temporal.PlainDate;
  readonly expiresOn: Temporal.PlainDate | null;
}

/** The first milestone without proof on the way to the declared one, and the rules of which any one would prove it. */
export interface MissingEvidence {
  readonly milestone: MilestoneKey;
  readonly rules: readonly EvidenceRule[];
  readonly expired: boolean;
}
