import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { DigestModel, DigestQuestion } from '../../src/core/review/digest-types.ts';
import { dayText } from '../format.ts';
import {
  isMessageKey,
  type MessageKey,
  type MessageParams,
  placeholdersOf,
  translate,
} from '../i18n/translate.ts';
import { visibleText } from '../text.ts';
import { type MilestoneLabel, milestoneText } from '../words.ts';
import { sentenceNames } from './names.ts';

const QUESTION_ROWS = 3;

export interface QuestionView {
  readonly rep: string;
  readonly text: string;
}

/** What a sentence of the bank is completed with. `deal` is the name as the sentence says it. */
export interface QuestionWords {
  readonly locale: Locale;
  readonly milestones: readonly MilestoneLabel[];
  readonly deal: string;
}

export function questionViews(model: DigestModel): readonly QuestionView[] {
  return model.questions.slice(0, QUESTION_ROWS).map((question) => ({
    rep: visibleText(question.repFirstName, 20),
    text: questionText(question, { ...model, deal: sentenceNames(model)(question) }),
  }));
}

/**
 * The bank's sentence for these facts. A question stored by another version, or whose fact is missing, becomes the one question that
 * needs no fact: a mail must not fail, and the deal must not vanish from it.
 */
export function questionText(question: DigestQuestion, words: QuestionWords): string {
  const facts = questionFacts(question, words);
  const key = `question.${question.key}`;
  const known = isMessageKey(key) && placeholdersOf(words.locale, key).every((name) => name in facts);
  const chosen: MessageKey = known ? key : 'question.next_proof';
  return translate(words.locale, chosen, facts);
}

function questionFacts(question: DigestQuestion, { locale, milestones, deal }: QuestionWords): MessageParams {
  const { days, date, milestone, count } = question;
  return {
    deal,
    ...(days === null ? {} : { days }),
    ...(date === null ? {} : { date: dayText(date, locale) }),
    ...(milestone === null ? {} : { milestone: milestoneText(milestone, milestones, locale) }),
    ...(count === null ? {} : { count }),
  };
}
