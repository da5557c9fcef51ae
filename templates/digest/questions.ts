import type { DigestModel, DigestQuestion } from '../../src/core/digest-types.ts';
import { dayText } from '../format.ts';
import {
  isMessageKey,
  type MessageKey,
  type MessageParams,
  placeholdersOf,
  translate,
} from '../i18n/translate.ts';
import { visibleText } from '../text.ts';
import { milestoneText } from '../words.ts';
import { sentenceNames } from './names.ts';

const QUESTION_ROWS = 3;

export interface QuestionView {
  readonly rep: string;
  readonly text: string;
}

export function questionViews(model: DigestModel): readonly QuestionView[] {
  return model.questions.slice(0, QUESTION_ROWS).map((question) => ({
    rep: visibleText(question.repFirstName, 20),
    text: questionText(question, model),
  }));
}

/**
 * The bank's sentence for these facts. A question stored by another version, or whose fact is missing, becomes the one question that
 * needs no fact: a mail must not fail, and the deal must not vanish from it.
 */
function questionText(question: DigestQuestion, model: DigestModel): string {
  const facts = questionFacts(question, model);
  const key = `question.${question.key}`;
  const known = isMessageKey(key) && placeholdersOf(model.locale, key).every((name) => name in facts);
  const chosen: MessageKey = known ? key : 'question.next_proof';
  return translate(model.locale, chosen, facts);
}

function questionFacts(question: DigestQuestion, model: DigestModel): MessageParams {
  const { days, date, milestone, count } = question;
  const { locale } = model;
  return {
    deal: sentenceNames(model)(question),
    ...(days === null ? {} : { days }),
    ...(date === null ? {} : { date: dayText(date, locale) }),
    ...(milestone === null ? {} : { milestone: milestoneText(milestone, model.milestones, locale) }),
    ...(count === null ? {} : { count }),
  };
}
