/**
 * Questions for the one-to-ones, keyed to facts. Each asks about the customer or the next step; none judges a person, none asks for a
 * number. The sentences (fr, en) live in templates/i18n under `question.<key>`.
 */
import { daysBetween } from './calendar.ts';
import type { Owner } from './deal.ts';
import type { DigestQuestion, MovementKind } from './digest-types.ts';
import type { ForecastLine } from './forecast-types.ts';
import type { DealId, MilestoneKey, OwnerId } from './ids.ts';
import { type Milestone, milestoneIndexOf } from './milestone.ts';
import { businessDaysBetween, isSilent, MANY_PUSHES } from './pace.ts';

/** What the sentence may say. `count` is a count of events, never an amount. */
type Facts = Pick<DigestQuestion, 'days' | 'date' | 'milestone' | 'count'>;

export interface QuestionContext {
  readonly asOf: Temporal.PlainDate;
  readonly milestones: readonly Milestone[];
  /** Last week's movement of the deals that are worth a row. */
  readonly moved: ReadonlyMap<DealId, MovementKind>;
  /** Gross amount that three quarters of the open deals do not exceed, in company minor units. */
  readonly usualMinor: bigint;
}

interface QuestionRule {
  readonly key: string;
  /** null: the deal gives no reason to ask. */
  readonly factsOf: (line: ForecastLine, context: QuestionContext) => Partial<Facts> | null;
}

/** A close date this near needs a verbal commitment behind it. */
const SOON_DAYS = 30;

/** An open deal of this many times the usual amount is a case of its own. */
const LARGE_MULTIPLE = 3n;

const RECENT_DAYS = 7;

/** Ordered by how much the answer can change this week's work: the first that applies to a deal is its question. */
const BANK: readonly QuestionRule[] = [
  {
    key: 'evidence_expired',
    factsOf: ({ missing: [first], declared }, { milestones }) =>
      first?.expired === true &&
      milestoneIndexOf(milestones, first.milestone) <= milestoneIndexOf(milestones, declared)
        ? { milestone: first.milestone }
        : null,
  },
  {
    key: 'verbal_stuck',
    factsOf: (line, { milestones }) =>
      line.pace === 'stuck' && isVerbal(line.verified, milestones)
        ? { days: line.daysInMilestone, milestone: line.verified }
        : null,
  },
  {
    key: 'closing_without_verbal',
    factsOf: ({ closeDate, verified }, { asOf, milestones }) =>
      closeDate !== null && isWithin(closeDate, asOf, SOON_DAYS) && !isVerbal(verified, milestones)
        ? { date: closeDate, milestone: verbalKey(milestones) }
        : null,
  },
  {
    key: 'close_date_passed',
    factsOf: ({ closeDate }, { asOf }) =>
      closeDate !== null && daysBetween(closeDate, asOf) > 0
        ? { date: closeDate, days: daysBetween(closeDate, asOf) }
        : null,
  },
  {
    key: 'close_date_pushed',
    factsOf: ({ closeDatePushes, closeDate }) =>
      closeDatePushes >= MANY_PUSHES ? { count: closeDatePushes, date: closeDate } : null,
  },
  {
    key: 'silent',
    factsOf: ({ lastCustomerContact: contact }, { asOf }) =>
      contact !== null && isSilent(contact, asOf)
        ? { days: businessDaysBetween(contact, asOf), date: contact }
        : null,
  },
  {
    key: 'fell_back',
    factsOf: ({ dealId, verified }, { moved }) =>
      moved.get(dealId) === 'fell_back' ? { milestone: verified } : null,
  },
  {
    key: 'decision_maker_missing',
    factsOf: ({ missing: [first] }) =>
      first?.rules.some((rule) => rule.kind === 'contact_role') === true
        ? { milestone: first.milestone }
        : null,
  },
  {
    key: 'nothing_proven',
    factsOf: ({ verified, declared, missing: [first] }) =>
      verified === null && declared !== null && first !== undefined ? { milestone: first.milestone } : null,
  },
  {
    key: 'stage_ahead_of_proof',
    factsOf: ({ unprovenMinor, declared }) => (unprovenMinor > 0n ? { milestone: declared } : null),
  },
  {
    key: 'stuck',
    factsOf: (line) =>
      line.pace === 'stuck' ? { days: line.daysInMilestone, milestone: line.verified } : null,
  },
  {
    key: 'close_before_realistic',
    factsOf: ({ closeDate, realisticClose }) =>
      closeDate !== null && realisticClose !== null && daysBetween(closeDate, realisticClose) > SOON_DAYS
        ? { date: closeDate, days: daysBetween(closeDate, realisticClose) }
        : null,
  },
  {
    key: 'pushed_out',
    factsOf: ({ dealId, closeDate }, { moved }) =>
      moved.get(dealId) === 'pushed_out' ? { date: closeDate } : null,
  },
  {
    key: 'close_date_missing',
    factsOf: ({ closeDate, verified }) => (closeDate === null ? { milestone: verified } : null),
  },
  {
    key: 'verbal_recent',
    factsOf: (line, { milestones }) =>
      isVerbal(line.verified, milestones) &&
      line.daysInMilestone !== null &&
      line.daysInMilestone <= RECENT_DAYS
        ? { date: line.verifiedSince, milestone: line.verified }
        : null,
  },
  {
    key: 'large_deal',
    factsOf: ({ grossMinor, verified }, { usualMinor }) =>
      usualMinor > 0n && grossMinor > usualMinor * LARGE_MULTIPLE ? { milestone: verified } : null,
  },
  {
    key: 'fast',
    factsOf: ({ pace, passed }) =>
      pace === 'fast' && passed !== undefined ? { days: passed.days, milestone: passed.milestone } : null,
  },
  {
    key: 'next_proof',
    factsOf: ({ missing: [first] }) => (first === undefined ? null : { milestone: first.milestone }),
  },
];

export const QUESTION_KEYS: readonly string[] = BANK.map((rule) => rule.key);

export interface QuestionInput extends Omit<QuestionContext, 'usualMinor'> {
  readonly lines: readonly ForecastLine[];
  readonly owners: readonly Owner[];
  readonly maxQuestions: number;
}

/** One question per rep and never two of a kind, about the deals with most at stake. Deals without an active owner have nobody to ask. */
export function chooseQuestions(input: QuestionInput): readonly DigestQuestion[] {
  const open = input.lines.filter((line) => line.standing === 'open' && line.exclusion === null);
  const context: QuestionContext = { ...input, usualMinor: upperQuartile(open) };
  const askable = new Map(input.owners.filter((owner) => owner.active).map((owner) => [owner.id, owner]));
  const asked = new Set<OwnerId>();
  const used = new Set<string>();
  const chosen: DigestQuestion[] = [];
  for (const line of byStake(open)) {
    if (chosen.length >= input.maxQuestions) break;
    const rep = line.ownerId === null ? undefined : askable.get(line.ownerId);
    if (rep === undefined || asked.has(rep.id)) continue;
    const question = questionAbout(line, rep, context, used);
    if (question === null) continue;
    asked.add(rep.id);
    used.add(question.key);
    chosen.push(question);
  }
  return chosen;
}

function questionAbout(
  line: ForecastLine,
  rep: Owner,
  context: QuestionContext,
  used: ReadonlySet<string>,
): DigestQuestion | null {
  for (const { key, factsOf } of BANK) {
    const facts = used.has(key) ? null : factsOf(line, context);
    if (facts === null) continue;
    const { days = null, date = null, milestone = null, count = null } = facts;
    const { dealId, dealName } = line;
    return { key, repFirstName: firstNameOf(rep), dealId, dealName, days, date, milestone, count };
  }
  return null;
}

/** What the deal is worth proven or is expected to bring, whichever is more. */
function byStake(lines: readonly ForecastLine[]): readonly ForecastLine[] {
  const stake = ({ netMinor, expectedMinor, unprovenMinor }: ForecastLine) =>
    netMinor + unprovenMinor > expectedMinor ? netMinor + unprovenMinor : expectedMinor;
  return [...lines].sort((left, right) => {
    const [leftStake, rightStake] = [stake(left), stake(right)];
    if (leftStake !== rightStake) return leftStake > rightStake ? -1 : 1;
    return left.dealId < right.dealId ? -1 : 1;
  });
}

/** The first word of the name as the CRM has it. */
export function firstNameOf(owner: Owner): string {
  return owner.name.trim().split(/\s+/)[0] ?? '';
}

function upperQuartile(lines: readonly ForecastLine[]): bigint {
  const amounts = lines.map((line) => line.grossMinor).sort((left, right) => (left < right ? -1 : 1));
  return amounts[Math.ceil(amounts.length * 0.75) - 1] ?? 0n;
}

function isVerbal(verified: MilestoneKey | null, milestones: readonly Milestone[]): boolean {
  const verbal = milestones.findIndex((milestone) => milestone.verbal);
  return verbal !== -1 && milestoneIndexOf(milestones, verified) >= verbal;
}

function verbalKey(milestones: readonly Milestone[]): MilestoneKey | null {
  return milestones.find((milestone) => milestone.verbal)?.key ?? null;
}

function isWithin(day: Temporal.PlainDate, asOf: Temporal.PlainDate, days: number): boolean {
  const ahead = daysBetween(asOf, day);
  return ahead >= 0 && ahead <= days;
}
