/** The questions of one person's sheet: those frozen with the week, what became of last week's, and further ones of the same bank. */

import type { Owner } from '../core/deals/deal.ts';
import type { ForecastLine } from '../core/forecast/forecast-types.ts';
import { movedKinds } from '../core/review/digest.ts';
import type { DigestQuestion } from '../core/review/digest-types.ts';
import { questionsFor } from '../core/review/questions.ts';
import { type SettledQuestion, settledQuestions } from '../core/review/questions-settled.ts';
import { daysBetween } from '../core/values/calendar.ts';
import type { DealId, ManagerId } from '../core/values/ids.ts';
import type { StoredForecast } from '../ports/snapshot-store.ts';
import type { TenantStore } from '../ports/store.ts';
import { SHEET_LIMITS } from '../web/one-to-one/one-to-one-page.ts';
import type { ShownWeek } from './shown-week.ts';

/** An older snapshot than this is no "last week". */
const LAST_WEEK_DAYS = 10;

export interface SheetQuestions {
  /** As the mail of the week asked them. */
  readonly frozen: readonly DigestQuestion[];
  readonly further: readonly DigestQuestion[];
  /** Null where there was no week before. */
  readonly last: { readonly asOf: Temporal.PlainDate; readonly questions: readonly SettledQuestion[] } | null;
}

export async function sheetQuestions(
  tenant: TenantStore,
  week: ShownWeek,
  owner: Owner,
  lines: readonly ForecastLine[],
): Promise<SheetQuestions> {
  const { header, stored, connection } = week;
  const own = new Set(lines.filter(({ ownerId }) => ownerId === owner.id).map(({ dealId }) => dealId));
  const managerId = week.manager?.id ?? null;
  const now = {
    asOf: header.asOf,
    milestones: header.model.milestones,
    moved: movedKinds(stored.movement),
    lines,
  };
  const frozen = askedAbout(own, await tenant.snapshots.forecasts(header.id), managerId);
  const before = await tenant.snapshots.before(connection.id, header.asOf);
  const recent = before !== null && daysBetween(before.asOf, header.asOf) <= LAST_WEEK_DAYS ? before : null;
  const asked =
    recent === null ? [] : askedAbout(own, await tenant.snapshots.forecasts(recent.id), managerId);
  return {
    frozen,
    further: questionsFor(owner, {
      ...now,
      owners: header.owners,
      already: frozen,
      maxQuestions: Math.max(0, SHEET_LIMITS.questions - frozen.length),
    }),
    last:
      recent === null
        ? null
        : { asOf: recent.asOf, questions: settledQuestions({ asOf: recent.asOf, questions: asked }, now) },
  };
}

/** Of the manager whose pages these are, or of all of them; a question that two managers were given is one. */
function askedAbout(
  deals: ReadonlySet<DealId>,
  forecasts: readonly StoredForecast[],
  managerId: ManagerId | null,
): readonly DigestQuestion[] {
  const asked = forecasts
    .filter((one) => one.managerId !== null && (managerId === null || one.managerId === managerId))
    .flatMap(({ questions = [] }) => questions.filter(({ dealId }) => deals.has(dealId)));
  return [...new Map(asked.map((question) => [`${question.key} ${question.dealId}`, question])).values()];
}
