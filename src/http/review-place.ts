/** This week's meeting: the order of its deals, what was made of each so far, and where one of them stands in it. */

import {
  type ReviewMark,
  type ReviewProgress,
  type ReviewSection,
  reviewProgress,
  reviewQueue,
  reviewSections,
} from '../core/review/review.ts';
import { isoWeekOf } from '../core/values/calendar.ts';
import type { DealId } from '../core/values/ids.ts';
import type { TenantStore } from '../ports/store.ts';
import type { ReviewPlace } from '../web/deal/deal-input.ts';
import { REVIEW_ROWS } from '../web/review/review-input.ts';
import { linesOfWeek, type ShownWeek } from './shown-week.ts';
import type { SnapshotLines } from './snapshot-lines.ts';

/** Marks of a whole week on the deals of one meeting; more would be a meeting of days. */
const MARKS_READ = 1_000;

export interface Meeting {
  readonly sections: readonly ReviewSection[];
  readonly queue: readonly DealId[];
  /** The latest of the week per deal. */
  readonly marks: ReadonlyMap<DealId, ReviewMark>;
  readonly progress: ReviewProgress;
}

/** What belongs to a past week stays in it; the latest week lasts until the next snapshot. */
export async function meetingOf(
  tenant: TenantStore,
  cache: SnapshotLines,
  week: ShownWeek,
): Promise<Meeting> {
  const { asOf } = week.header;
  const sections = reviewSections(await linesOfWeek(tenant, cache, week), asOf);
  const queue = reviewQueue(week.stored.movement, sections, REVIEW_ROWS);
  const notes = await tenant.reviewNotes.ofDeals(week.connection.id, queue, MARKS_READ);
  const isoWeek = isoWeekOf(asOf);
  const isLatest = week.weeks[0]?.equals(asOf) ?? true;
  const own = notes.filter((note) => (isLatest ? note.isoWeek >= isoWeek : note.isoWeek === isoWeek));
  const marks = new Map(own.toReversed().map(({ dealId, mark }) => [dealId, mark]));
  return { sections, queue, marks, progress: reviewProgress(queue, marks) };
}

/** Null when the deal is not in this week's meeting. */
export async function placeInReview(
  tenant: TenantStore,
  cache: SnapshotLines,
  week: ShownWeek,
  dealId: DealId,
): Promise<ReviewPlace | null> {
  const { queue, marks, progress } = await meetingOf(tenant, cache, week);
  const index = queue.indexOf(dealId);
  if (index === -1) return null;
  return {
    position: index + 1,
    total: queue.length,
    previous: queue[index - 1] ?? null,
    next: queue[index + 1] ?? null,
    mark: marks.get(dealId) ?? null,
    reviewed: progress.reviewed,
  };
}
