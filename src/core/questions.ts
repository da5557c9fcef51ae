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
import { isSilent, MANY_PUSHES } from './pace.ts';

/** What the sentence may say. `count` is a count of events, never an amount. */
type Facts = Pick<DigestQuestion, 'days' | 'date' | 'milestone' | 'count'>;

interface QuestionContext {
  readonly asOf: Temporal.PlainDate;
  readonly milestones: readonly Milestone[];
  /** Last week's movement of the deals that are worth a row. */
  readonly moved: ReadonlyMap<DealId, MovementKind>;
  /** Median gross amount of the open deals, in company minor units. */
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

/** Ordered by how much the answer can change this week's work: the first that applies to a deal is its question. */
const BANK: readonly QuestionRule[] = [
  {
    key: 'expired_evidence',
    factsOf: ({ missing: [first], declared }, { milestones }) =>
      first?.provenOn !== undefined && isAtLeast(declared, first.milestone, milestones)
        ? { milestone: first.milestone, date: first.provenOn }
        : null,
  },
  {
    key: 'fell_back',
    factsOf: ({ dealId, verified: milestone }, { moved }) =>
      moved.get(dealId) === 'fell_back' && milestone !== null ? { milestone } : null,
  },
  {
    key: 'verbal_without_date',
    factsOf: ({ declared, missing: [first] }, { milestones }) => {
      const verbal = verbalKey(milestones);
      return verbal !== null && first?.milestone === verbal && isAtLeast(declared, verbal, milestones)
        ? { milestone: verbal }
        : null;
    },
  },
  {
    key: 'close_date_past',
    factsOf: ({ closeDate }, { asOf }) =>
      closeDate !== null && daysBetween(closeDate, asOf) > 0
        ? { date: closeDate, days: daysBetween(closeDate, asOf) }
        : null,
  },
  {
    key: 'close_before_proof',
    factsOf: ({ closeDate, verified }, { asOf, milestones }) => {
      const verbal = verbalKey(milestones);
      if (closeDate === null || verbal === null || isAtLeast(verified, verbal, milestones)) return null;
      return isWithin(closeDate, asOf, SOON_DAYS) ? { date: closeDate, milestone: verbal } : null;
    },
  },
  {
    key: 'pushed_three_times',
    factsOf: ({ closeDatePushes: count, closeDate: date }) => (count >= MANY_PUSHES ? { count, date } : null),
  },
  {
    key: 'silent',
    factsOf: ({ lastCustomerContact: date }, { asOf }) =>
      date !== null && isSilent(date, asOf) ? { date, days: daysBetween(date, asOf) } : null,
  },
  {
    key: 'stuck_no_proof',
    factsOf: ({ pace, daysInMilestone: days, verified: milestone }) =>
      pace === 'stuck' && milestone !== null && days !== null ? { days, milestone } : null,
  },
  {
    key: 'no_decision_maker',
    factsOf: ({ missing: [first] }) =>
      first?.rules.some((rule) => rule.kind === 'contact_role') === true
        ? { milestone: first.milestone }
        : null,
  },
  {
    key: 'big_unproven',
    factsOf: ({ unprovenMinor, verified: milestone }) =>
      unprovenMinor > 0n && milestone !== null ? { milestone } : null,
  },
  {
    key: 'owner_changed',
    factsOf: ({ dealId }, { moved }) => (moved.get(dealId) === 'owner' ? {} : null),
  },
  {
    key: 'new_big_deal',
    factsOf: ({ dealId, grossMinor }, { moved, usualMinor }) =>
      moved.get(dealId) === 'new' && usualMinor > 0n && grossMinor > usualMinor * LARGE_MULTIPLE ? {} : null,
  },
  {
    key: 'no_amount',
    factsOf: ({ exclusion }) => (exclusion === 'amount_missing' ? {} : null),
  },
  {
    key: 'next_step_missing',
    factsOf: ({ closeDate, verified: milestone }) => (closeDate === null ? { milestone } : null),
  },
  {
    key: 'fast_move',
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
  const open = askableLines(input.lines);
  const context: QuestionContext = { ...input, usualMinor: usualAmount(open) };
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

/** For the sheet of one person: one question per deal, those with most at stake first, and never two of a kind. */
export function questionsFor(rep: Owner, input: QuestionInput): readonly DigestQuestion[] {
  const open = askableLines(input.lines);
  const context: QuestionContext = { ...input, usualMinor: usualAmount(open) };
  const used = new Set<string>();
  const chosen: DigestQuestion[] = [];
  for (const line of byStake(open.filter(({ ownerId }) => ownerId === rep.id))) {
    if (chosen.length >= input.maxQuestions) break;
    const question = questionAbout(line, rep, context, used);
    if (question === null) continue;
    used.add(question.key);
    chosen.push(question);
  }
  return chosen;
}

function askableLines(lines: readonly ForecastLine[]): readonly ForecastLine[] {
  return lines.filter(
    ({ standing, exclusion }) =>
      standing === 'open' && (exclusion === null || exclusion === 'amount_missing'),
  );
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

/** Largest first: what the deal is worth proven and declared, or is expected to bring, whichever is more. */
export function byStake(lines: readonly ForecastLine[]): readonly ForecastLine[] {
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

function usualAmount(lines: readonly ForecastLine[]): bigint {
  const amounts = lines
    .filter((line) => line.exclusion === null)
    .map((line) => line.grossMinor)
    .sort((left, right) => (left < right ? -1 : 1));
  return amounts[Math.ceil(amounts.length / 2) - 1] ?? 0n;
}

function isAtLeast(
  reached: MilestoneKey | null,
  wanted: MilestoneKey,
  milestones: readonly Milestone[],
): boolean {
  return milestoneIndexOf(milestones, reached) >= milestoneIndexOf(milestones, wanted);
}

function verbalKey(milestones: readonly Milestone[]): MilestoneKey | null {
  return milestones.find((milestone) => milestone.verbal)?.key ?? null;
}

function isWithin(day: Temporal.PlainDate, asOf: Temporal.PlainDate, days: number): boolean {
  const ahead = daysBetween(asOf, day);
  return ahead >= 0 && ahead <= days;
}
