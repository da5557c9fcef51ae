import type { DealId } from '../core/ids.ts';
import { reviewQueue, reviewSections } from '../core/review.ts';
import type { TenantStore } from '../ports/store.ts';
import type { ReviewPlace } from '../web/deal-input.ts';
import { REVIEW_ROWS } from '../web/review-input.ts';
import { linesOfWeek, type ShownWeek } from './shown-week.ts';
import type { SnapshotLines } from './snapshot-lines.ts';

/** Where a deal stands in the order of this week's meeting; null when it is not in it. */
export async function placeInReview(
  tenant: TenantStore,
  cache: SnapshotLines,
  week: ShownWeek,
  dealId: DealId,
): Promise<ReviewPlace | null> {
  const lines = await linesOfWeek(tenant, cache, week);
  const sections = reviewSections(lines, week.header.asOf);
  const queue = reviewQueue(week.stored.movement, sections, REVIEW_ROWS);
  const index = queue.indexOf(dealId);
  if (index === -1) return null;
  return {
    position: index + 1,
    total: queue.length,
    previous: queue[index - 1] ?? null,
    next: queue[index + 1] ?? null,
  };
}
