/** Composes the Monday digest as facts: what is worth sixty seconds of a manager, and no more than product.md's limits. */

import type { Owner } from '../deals/deal.ts';
import type { Manager } from '../deals/manager.ts';
import type { ForecastLine, ForecastSummary, Pace, PaceNorm } from '../forecast/forecast-types.ts';
import { openLines } from '../forecast/summary.ts';
import type { MilestoneModel } from '../milestones/milestone.ts';
import { isoWeekOf } from '../values/calendar.ts';
import type { CrmKind } from '../values/crm.ts';
import type { DealId, MilestoneKey, OwnerId } from '../values/ids.ts';
import type {
  AccuracyBar,
  DigestLinks,
  DigestModel,
  DigestPace,
  DigestQuestion,
  Movement,
  MovementKind,
  MovementRow,
  PaceRow,
  SettledCount,
  Verdict,
} from './digest-types.ts';
import { withFewerRows } from './movement.ts';
import { chooseQuestions, firstNameOf } from './questions.ts';

export const DIGEST_LIMITS = {
  questions: 3,
  movementRows: 5,
  stuck: 3,
  fast: 2,
  accuracyMonths: 6,
  named: 2,
};

export interface DigestInput {
  readonly manager: Manager;
  readonly crm: CrmKind;
  readonly model: MilestoneModel;
  /** Lines and summary of this manager, of one forecast. */
  readonly lines: readonly ForecastLine[];
  readonly summary: ForecastSummary;
  /** null in the first week. The mail keeps `DIGEST_LIMITS.movementRows` rows of it. */
  readonly movement: Movement | null;
  /** As frozen with the snapshot; taken from the lines here when it has none. With this and the questions the lines may be empty. */
  readonly pace?: DigestPace;
  /** As frozen with the snapshot; chosen here when it has none. */
  readonly questions?: readonly DigestQuestion[];
  readonly lastQuestions?: SettledCount | null;
  readonly owners: readonly Owner[];
  readonly paceNorms: readonly PaceNorm[];
  /** Oldest month first. */
  readonly accuracy: readonly AccuracyBar[];
  readonly rejectedRecords: number;
  readonly dataReadAt: Temporal.Instant;
  readonly links: Omit<DigestLinks, 'deals'>;
  readonly dealLink: (dealId: DealId) => string;
}

/** The questions of a week: chosen once, when the snapshot is frozen, so that a later version of the bank does not rewrite what was asked. */
export function digestQuestions(
  input: Pick<DigestInput, 'lines' | 'owners' | 'movement' | 'model'> & { readonly asOf: Temporal.PlainDate },
): readonly DigestQuestion[] {
  const { lines, owners, movement, model, asOf } = input;
  const maxQuestions = DIGEST_LIMITS.questions;
  return chooseQuestions({
    lines,
    owners,
    asOf,
    milestones: model.milestones,
    moved: movedKinds(movement),
    maxQuestions,
  });
}

export function movedKinds(movement: Movement | null): ReadonlyMap<DealId, MovementKind> {
  return new Map(movement?.rows.map((row) => [row.dealId, row.kind]));
}

export function composeDigest(input: DigestInput): DigestModel {
  const { manager, summary, model } = input;
  const movement = input.movement && withFewerRows(input.movement, DIGEST_LIMITS.movementRows);
  const questions = input.questions ?? digestQuestions({ ...input, asOf: summary.asOf });
  const { stuck, stuckTotal, fast, unmappedDeals } = input.pace ?? digestPace(input);
  const named = [...(movement?.rows ?? []), ...questions, ...stuck, ...fast];
  return {
    locale: manager.locale,
    crm: input.crm,
    managerName: manager.name,
    isoWeek: isoWeekOf(summary.asOf),
    summary,
    movement,
    verdict: verdictOf(summary, movement),
    questions,
    lastQuestions: input.lastQuestions ?? null,
    stuck,
    stuckTotal,
    fast,
    accuracy: input.accuracy.slice(-DIGEST_LIMITS.accuracyMonths),
    historyLabel: summary.history.label,
    milestones: model.milestones.map(({ key, label }) => ({ key, label })),
    unmappedDeals,
    excludedDeals: excludedDeals(summary),
    rejectedRecords: input.rejectedRecords,
    dataReadAt: input.dataReadAt,
    zone: manager.zone,
    links: { ...input.links, deals: linksOf(named, input.dealLink) },
  };
}

/** The reasons a person can mend; unmapped deals have their own line, and pipelines left out were left out on purpose. */
function excludedDeals({ exclusions }: ForecastSummary): number {
  return exclusions
    .filter(({ reason }) => reason !== 'stage_unmapped' && reason !== 'pipeline_excluded')
    .reduce((total, { deals }) => total + deals, 0);
}

function linksOf(
  rows: readonly { readonly dealId: DealId }[],
  dealLink: (dealId: DealId) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.map(({ dealId }) => [dealId, dealLink(dealId)]));
}

function verdictOf(summary: ForecastSummary, movement: Movement | null): Verdict {
  const rows = movement?.rows ?? [];
  return {
    kind: summary.targetMinor === null ? 'no_target' : summary.gapMinor === 0n ? 'target_reached' : 'short',
    losses: firstRows(rows, (row) => row.changeMinor < 0n),
    gains: firstRows(rows, (row) => row.changeMinor > 0n),
  };
}

/** Movement rows come largest first. */
function firstRows(
  rows: readonly MovementRow[],
  wanted: (row: MovementRow) => boolean,
): readonly MovementRow[] {
  return rows.filter(wanted).slice(0, DIGEST_LIMITS.named);
}

/** What a digest tells of the pace: frozen with the snapshot, so that a mail needs no line of a company's deals. */
export function digestPace(input: Pick<DigestInput, 'lines' | 'owners' | 'paceNorms'>): DigestPace {
  const stuck = paceRows('stuck', input);
  return {
    stuck: stuck.slice(0, DIGEST_LIMITS.stuck),
    stuckTotal: stuck.length,
    fast: paceRows('fast', input).slice(0, DIGEST_LIMITS.fast),
    unmappedDeals: input.lines.filter((line) => line.exclusion === 'stage_unmapped').length,
  };
}

/** All deals of that pace, largest net amount first. Stuck shows the stay in the present milestone, fast the stay that was short. */
function paceRows(
  pace: Pace,
  { lines, owners, paceNorms }: Pick<DigestInput, 'lines' | 'owners' | 'paceNorms'>,
): readonly PaceRow[] {
  const names = new Map(owners.map((owner) => [owner.id, firstNameOf(owner)]));
  const norms = new Map(paceNorms.map((norm) => [norm.milestone, norm]));
  return openLines(lines)
    .filter((line) => line.pace === pace)
    .map((line) => paceRow(line, names, norms))
    .sort(compareRows);
}

function paceRow(
  line: ForecastLine,
  names: ReadonlyMap<OwnerId, string>,
  norms: ReadonlyMap<MilestoneKey, PaceNorm>,
): PaceRow {
  const stay =
    line.pace === 'fast' && line.passed !== undefined
      ? line.passed
      : { milestone: line.verified, days: line.daysInMilestone ?? 0 };
  const norm = stay.milestone === null ? undefined : norms.get(stay.milestone);
  return {
    dealId: line.dealId,
    dealName: line.dealName,
    milestone: stay.milestone,
    repFirstName: line.ownerId === null ? null : (names.get(line.ownerId) ?? null),
    netMinor: line.netMinor,
    days: stay.days,
    medianDays: norm?.medianDays ?? 0,
  };
}

function compareRows(left: PaceRow, right: PaceRow): number {
  if (left.netMinor !== right.netMinor) return left.netMinor > right.netMinor ? -1 : 1;
  return right.days - left.days || (left.dealId < right.dealId ? -1 : 1);
}
