/**
 * The bank of questions for the one-to-ones, as a table: what a deal must show for a question to be asked, and the facts that it names. Each
 * asks about the customer or the next step; none judges a person, none asks for a number. Sentences: `question.<key>` in templates/i18n.
 */
import { MANY_PUSHES } from './pace.ts';
import { LATER_QUESTIONS } from './question-bank-later.ts';
import {
  closesWithin,
  daysToClose,
  isAgreed,
  isAtLeast,
  type QuestionRule,
  silentDays,
  verbalKey,
} from './question-rule.ts';

/** A close date this near needs a verbal commitment behind it. */
const SOON_DAYS = 30;
/** A signature this near is prepared, not hoped for. */
const SIGNING_DAYS = 14;
const LONG_PAST_DAYS = 60;
const LONG_SILENCE_DAYS = 45;
/** Later moves of the close date from which on the project itself is in question. */
const VERY_MANY_PUSHES = 6;

/** What cannot wait: proofs that no longer stand, dates that contradict the facts, customers who went quiet. */
const URGENT: readonly QuestionRule[] = [
  {
    key: 'expired_verbal',
    kind: 'expired',
    factsOf: ({ declared, missing: [first] }, { milestones }) => {
      const verbal = verbalKey(milestones);
      const lapsed =
        verbal !== null && first?.milestone === verbal && isAtLeast(declared, verbal, milestones);
      return lapsed && first.provenOn !== undefined ? { date: first.provenOn } : null;
    },
  },
  {
    key: 'expired_evidence',
    kind: 'expired',
    factsOf: ({ missing: [first], declared }, { milestones }) =>
      first?.provenOn !== undefined && isAtLeast(declared, first.milestone, milestones)
        ? { milestone: first.milestone, date: first.provenOn }
        : null,
  },
  {
    key: 'expired_next',
    kind: 'expired',
    factsOf: ({ missing: [first], declared }, { milestones }) =>
      first?.provenOn !== undefined && !isAtLeast(declared, first.milestone, milestones)
        ? { milestone: first.milestone, date: first.provenOn }
        : null,
  },
  {
    key: 'fell_to_nothing',
    kind: 'fell_back',
    ofOneWeek: true,
    factsOf: ({ dealId, verified }, { moved }) =>
      moved.get(dealId) === 'fell_back' && verified === null ? {} : null,
  },
  {
    key: 'fell_back',
    kind: 'fell_back',
    ofOneWeek: true,
    factsOf: ({ dealId, verified: milestone }, { moved }) =>
      moved.get(dealId) === 'fell_back' && milestone !== null ? { milestone } : null,
  },
  {
    key: 'verbal_without_date',
    kind: 'agreed',
    factsOf: ({ declared, missing: [first] }, { milestones }) => {
      const verbal = verbalKey(milestones);
      return verbal !== null && first?.milestone === verbal && isAtLeast(declared, verbal, milestones)
        ? { milestone: verbal }
        : null;
    },
  },
  {
    key: 'agreed_not_signed',
    kind: 'close_past',
    factsOf: (line, context) => {
      const past = -(daysToClose(line, context.asOf) ?? 0);
      return past > 0 && isAgreed(line, context) ? { date: line.closeDate, days: past } : null;
    },
  },
  {
    key: 'close_long_past',
    kind: 'close_past',
    factsOf: (line, { asOf }) => {
      const past = -(daysToClose(line, asOf) ?? 0);
      return past >= LONG_PAST_DAYS ? { date: line.closeDate, days: past } : null;
    },
  },
  {
    key: 'close_date_past',
    kind: 'close_past',
    factsOf: (line, { asOf }) => {
      const past = -(daysToClose(line, asOf) ?? 0);
      return past > 0 ? { date: line.closeDate, days: past } : null;
    },
  },
  {
    key: 'agreed_silent',
    kind: 'silent',
    factsOf: (line, context) => {
      const days = silentDays(line, context.asOf);
      return days !== null && isAgreed(line, context) ? { days } : null;
    },
  },
  {
    key: 'silent_before_close',
    kind: 'silent',
    factsOf: (line, { asOf }) => {
      const days = silentDays(line, asOf);
      return days !== null && closesWithin(line, asOf, SOON_DAYS) ? { days, date: line.closeDate } : null;
    },
  },
  {
    key: 'pushed_in_silence',
    kind: 'pushed',
    ofOneWeek: true,
    factsOf: (line, { asOf, moved }) => {
      const days = silentDays(line, asOf);
      return days !== null && moved.get(line.dealId) === 'pushed_out' ? { days } : null;
    },
  },
  {
    key: 'close_before_proof',
    kind: 'close_soon',
    factsOf: (line, context) => {
      const verbal = verbalKey(context.milestones);
      return verbal !== null && !isAgreed(line, context) && closesWithin(line, context.asOf, SOON_DAYS)
        ? { date: line.closeDate, milestone: verbal }
        : null;
    },
  },
  {
    key: 'signing_soon',
    kind: 'signing',
    factsOf: (line, context) =>
      isAgreed(line, context) && closesWithin(line, context.asOf, SIGNING_DAYS)
        ? { date: line.closeDate }
        : null,
  },
  {
    key: 'agreed_stuck',
    kind: 'signing',
    factsOf: (line, context) =>
      line.pace === 'stuck' && line.daysInMilestone !== null && isAgreed(line, context)
        ? { days: line.daysInMilestone }
        : null,
  },
  {
    key: 'pushed_many_times',
    kind: 'pushed',
    factsOf: ({ closeDatePushes: count }) => (count >= VERY_MANY_PUSHES ? { count } : null),
  },
  {
    key: 'pushed_three_times',
    kind: 'pushed',
    factsOf: ({ closeDatePushes: count, closeDate: date }) => (count >= MANY_PUSHES ? { count, date } : null),
  },
  {
    key: 'silent_long',
    kind: 'silent',
    factsOf: (line, { asOf }) => {
      const days = silentDays(line, asOf);
      return days !== null && days >= LONG_SILENCE_DAYS ? { days } : null;
    },
  },
  {
    key: 'silent',
    kind: 'silent',
    factsOf: (line, { asOf }) => {
      const days = silentDays(line, asOf);
      return days === null ? null : { date: line.lastCustomerContact, days };
    },
  },
];

/** Ordered by how much the answer can change this week's work: the first that applies to a deal is its question. */
export const QUESTION_BANK: readonly QuestionRule[] = [...URGENT, ...LATER_QUESTIONS];
