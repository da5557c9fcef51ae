import type { Owner } from '../../core/deals/deal.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { PaceNorm } from '../../core/forecast/forecast-types.ts';
import type { Locale, Milestone } from '../../core/milestones/milestone.ts';
import type { Movement } from '../../core/review/digest-types.ts';
import type { ReviewMark, ReviewProgress, ReviewSection } from '../../core/review/review.ts';
import type { CurrencyCode } from '../../core/values/currency.ts';
import type { DealId } from '../../core/values/ids.ts';
import type { PageHeader } from '../header.ts';

/** Rows of a section that are shown, and that the meeting goes through. */
export const REVIEW_ROWS = 12;

export interface ReviewPageInput {
  readonly locale: Locale;
  readonly managerId: string | null;
  readonly header: PageHeader;
  readonly currency: CurrencyCode;
  readonly asOf: Temporal.PlainDate;
  /** Today for the company: a proof cannot be of a later day. */
  readonly today: Temporal.PlainDate;
  /** Null in the first week. */
  readonly movement: Movement | null;
  readonly comparedWith: Temporal.PlainDate | null;
  readonly sections: readonly ReviewSection[];
  readonly norms: readonly PaceNorm[];
  readonly owners: readonly Owner[];
  readonly milestones: readonly Milestone[];
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  readonly progress: ReviewProgress;
  /** What this week's meeting made of a deal. */
  readonly marks: ReadonlyMap<DealId, ReviewMark>;
  readonly saved: 'evidence' | 'note' | 'passed' | null;
}
