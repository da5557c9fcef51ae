/** What became of last week's questions: settled when the deal is closed, has advanced, or no longer shows the fact that was asked about. */

import type { ForecastLine } from '../forecast/forecast-types.ts';
import { milestoneIndexOf } from '../milestones/milestone.ts';
import { daysBetween } from '../values/calendar.ts';
import type { DigestQuestion, SettledCount } from './digest-types.ts';
import { QUESTION_BANK } from './question-bank.ts';
import type { QuestionContext } from './question-rule.ts';
import { questionContext } from './questions.ts';

/** The questions of one digest, and its day. */
export interface AskedQuestions {
  readonly asOf: Temporal.PlainDate;
  readonly questions: readonly DigestQuestion[];
}

export interface QuestionsNow extends Omit<QuestionContext, 'usualMinor'> {
  readonly lines: readonly ForecastLine[];
}

export interface SettledQuestion {
  readonly question: DigestQuestion;
  readonly settled: boolean;
}

/** In the order in which they were asked. */
export function settledQuestions(before: AskedQuestions, now: QuestionsNow): readonly SettledQuestion[] {
  const lines = new Map(now.lines.map((line) => [line.dealId, line]));
  const context = questionContext(now);
  return before.questions.map((question) => {
    const line = lines.get(question.dealId);
    const open = line?.standing === 'open' && isStillOpen(question, before.asOf, line, context);
    return { question, settled: !open };
  });
}

/** Null when nothing was asked. */
export function settledCount(before: AskedQuestions, now: QuestionsNow): SettledCount | null {
  const all = settledQuestions(before, now);
  return all.length === 0
    ? null
    : { settled: all.filter(({ settled }) => settled).length, asked: all.length };
}

function isStillOpen(
  { key, milestone, verified }: DigestQuestion,
  askedOn: Temporal.PlainDate,
  line: ForecastLine,
  context: QuestionContext,
): boolean {
  const { milestones } = context;
  if (milestoneIndexOf(milestones, line.verified) > milestoneIndexOf(milestones, verified)) return false;
  const rule = QUESTION_BANK.find((one) => one.key === key);
  // A question that this version does not know cannot be called answered.
  if (rule === undefined) return true;
  if (rule.ofOneWeek) {
    const contact = line.lastCustomerContact;
    return contact === null || daysBetween(askedOn, contact) < 0;
  }
  const facts = rule.factsOf(line, context);
  return facts !== null && (milestone === null || facts.milestone === milestone);
}
