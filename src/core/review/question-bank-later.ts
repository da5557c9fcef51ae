/** The bank's second half: deals that stand still, proofs still to get, and what is worth a word when nothing is wrong. */

import type { Exclusion } from '../forecast/forecast-types.ts';
import { milestoneIndexOf } from '../milestones/milestone.ts';
import { daysBetween } from '../values/calendar.ts';
import {
  daysToClose,
  isAgreed,
  milestonesAhead,
  missingBy,
  type QuestionRule,
  verbalKey,
} from './question-rule.ts';

/** An open deal of this many times the usual amount is a case of its own. */
const LARGE_MULTIPLE = 3n;
const VERY_STUCK_DAYS = 180;
const FRESH_DAYS = 10;
const THIS_WEEK_DAYS = 7;
/** A signature planned this far away hangs on an event, not on a plan. */
const FAR_DAYS = 365;

const STUCK: readonly QuestionRule[] = [
  {
    key: 'stuck_very_long',
    kind: 'stuck',
    factsOf: ({ pace, daysInMilestone: days, verified: milestone }) =>
      pace === 'stuck' && milestone !== null && days !== null && days >= VERY_STUCK_DAYS
        ? { days, milestone }
        : null,
  },
  {
    key: 'stuck_at_start',
    kind: 'stuck',
    factsOf: ({ pace, daysInMilestone: days, verified }, { milestones }) =>
      pace === 'stuck' && days !== null && verified !== null && verified === milestones[0]?.key
        ? { days }
        : null,
  },
  {
    key: 'stuck_but_talking',
    kind: 'stuck',
    factsOf: (
      { pace, daysInMilestone: days, verified: milestone, lastCustomerContact: contact },
      { asOf },
    ) =>
      pace === 'stuck' &&
      milestone !== null &&
      days !== null &&
      contact !== null &&
      daysBetween(contact, asOf) <= FRESH_DAYS
        ? { days, milestone }
        : null,
  },
  {
    key: 'stuck_no_proof',
    kind: 'stuck',
    factsOf: ({ pace, daysInMilestone: days, verified: milestone }) =>
      pace === 'stuck' && milestone !== null && days !== null ? { days, milestone } : null,
  },
];

const MOVED: readonly QuestionRule[] = [
  {
    key: 'pushed_this_week',
    kind: 'pushed',
    ofOneWeek: true,
    factsOf: ({ dealId, closeDate: date }, { moved }) =>
      moved.get(dealId) === 'pushed_out' && date !== null ? { date } : null,
  },
  {
    key: 'pulled_in',
    kind: 'pulled_in',
    ofOneWeek: true,
    factsOf: ({ dealId, closeDate: date }, { moved }) =>
      moved.get(dealId) === 'pulled_in' && date !== null ? { date } : null,
  },
  {
    key: 'owner_changed',
    kind: 'owner',
    ofOneWeek: true,
    factsOf: ({ dealId }, { moved }) => (moved.get(dealId) === 'owner' ? {} : null),
  },
  {
    key: 'new_big_deal',
    kind: 'new',
    ofOneWeek: true,
    factsOf: ({ dealId, grossMinor }, { moved, usualMinor }) =>
      moved.get(dealId) === 'new' && usualMinor > 0n && grossMinor > usualMinor * LARGE_MULTIPLE ? {} : null,
  },
  {
    key: 'new_deal',
    kind: 'new',
    ofOneWeek: true,
    factsOf: ({ dealId }, { moved }) => (moved.get(dealId) === 'new' ? {} : null),
  },
  {
    key: 'scope_changed',
    kind: 'scope',
    ofOneWeek: true,
    factsOf: ({ dealId }, { moved }) => (moved.get(dealId) === 'amount' ? {} : null),
  },
];

const PROOFS: readonly QuestionRule[] = [
  {
    key: 'no_decision_maker',
    kind: 'decides',
    factsOf: (line) => {
      const first = missingBy(line, 'contact_role');
      return first === null ? null : { milestone: first.milestone };
    },
  },
  {
    key: 'quote_unsigned',
    kind: 'quote',
    factsOf: (line) => (missingBy(line, 'signed_quote') === null ? null : {}),
  },
  {
    key: 'meeting_missing',
    kind: 'meeting',
    factsOf: (line) => {
      const first = missingBy(line, 'activity_with_customer');
      return first === null ? null : { milestone: first.milestone };
    },
  },
  {
    key: 'far_ahead',
    kind: 'unproven',
    factsOf: (line, context) =>
      line.verified !== null && milestonesAhead(line, context) >= 2 ? { milestone: line.verified } : null,
  },
  {
    key: 'nothing_proven',
    kind: 'unproven',
    factsOf: ({ declared, verified }) =>
      declared !== null && verified === null ? { milestone: declared } : null,
  },
  {
    key: 'big_unproven',
    kind: 'unproven',
    factsOf: ({ unprovenMinor, verified: milestone }) =>
      unprovenMinor > 0n && milestone !== null ? { milestone } : null,
  },
];

function excludedFor(key: string, reasons: readonly Exclusion[]): QuestionRule {
  return {
    key,
    kind: 'scope_unknown',
    factsOf: ({ exclusion }) => (exclusion !== null && reasons.includes(exclusion) ? {} : null),
  };
}

const DATES: readonly QuestionRule[] = [
  excludedFor('no_amount', ['amount_missing']),
  excludedFor('scope_doubtful', ['amount_negative', 'amount_absurd']),
  excludedFor('currency_unknown', ['currency_missing', 'currency_unknown']),
  {
    key: 'no_date_well_advanced',
    kind: 'no_date',
    factsOf: ({ closeDate, verified: milestone }, { milestones }) => {
      const verbal = milestoneIndexOf(milestones, verbalKey(milestones));
      const near = milestone !== null && verbal > 0 && milestoneIndexOf(milestones, milestone) >= verbal - 1;
      return closeDate === null && near ? { milestone } : null;
    },
  },
  {
    key: 'next_step_missing',
    kind: 'no_date',
    factsOf: ({ closeDate, verified: milestone }) => (closeDate === null ? { milestone } : null),
  },
  {
    key: 'close_too_early',
    kind: 'close_soon',
    factsOf: ({ closeDate: date, realisticClose, missing: [first] }) =>
      date !== null && realisticClose !== null && first !== undefined && daysBetween(date, realisticClose) > 0
        ? { date, milestone: first.milestone }
        : null,
  },
  {
    key: 'close_far_away',
    kind: 'close_far',
    factsOf: (line, { asOf }) =>
      (daysToClose(line, asOf) ?? 0) > FAR_DAYS ? { date: line.closeDate } : null,
  },
];

const GOING_WELL: readonly QuestionRule[] = [
  {
    key: 'fast_to_agreement',
    kind: 'fast',
    factsOf: (line, context) =>
      line.pace === 'fast' && line.passed !== undefined && isAgreed(line, context)
        ? { days: line.passed.days, milestone: line.passed.milestone }
        : null,
  },
  {
    key: 'fast_move',
    kind: 'fast',
    factsOf: ({ pace, passed }) =>
      pace === 'fast' && passed !== undefined ? { days: passed.days, milestone: passed.milestone } : null,
  },
  {
    key: 'advanced',
    kind: 'advanced',
    ofOneWeek: true,
    factsOf: ({ dealId, verified: milestone }, { moved }) =>
      moved.get(dealId) === 'advanced' && milestone !== null ? { milestone } : null,
  },
  {
    key: 'proven_this_week',
    kind: 'advanced',
    ofOneWeek: true,
    factsOf: ({ verified: milestone, verifiedSince: date }, { asOf }) =>
      milestone !== null && date !== null && daysBetween(date, asOf) <= THIS_WEEK_DAYS
        ? { milestone, date }
        : null,
  },
  {
    key: 'large_open',
    kind: 'large',
    factsOf: (line, context) =>
      context.usualMinor > 0n &&
      line.grossMinor > context.usualMinor * LARGE_MULTIPLE &&
      !isAgreed(line, context)
        ? {}
        : null,
  },
  {
    key: 'spoken_this_week',
    kind: 'contact',
    ofOneWeek: true,
    factsOf: ({ lastCustomerContact: date }, { asOf }) =>
      date !== null && daysBetween(date, asOf) <= THIS_WEEK_DAYS ? { date } : null,
  },
  {
    key: 'only_confirmation',
    kind: 'proof',
    factsOf: ({ missing: [first] }) =>
      first !== undefined &&
      first.rules.length > 0 &&
      first.rules.every(({ kind }) => kind === 'manager_confirmation')
        ? { milestone: first.milestone }
        : null,
  },
  {
    key: 'next_proof',
    kind: 'next_proof',
    factsOf: ({ missing: [first] }) => (first === undefined ? null : { milestone: first.milestone }),
  },
  {
    key: 'written_proof',
    kind: 'proof',
    factsOf: (line) => {
      const first = missingBy(line, 'property_filled');
      return first === null ? null : { milestone: first.milestone };
    },
  },
  {
    key: 'all_proven',
    kind: 'signing',
    factsOf: ({ missing, verified: milestone }) =>
      missing.length === 0 && milestone !== null ? { milestone } : null,
  },
];

export const LATER_QUESTIONS: readonly QuestionRule[] = [
  ...STUCK,
  ...MOVED,
  ...PROOFS,
  ...DATES,
  ...GOING_WELL,
];
