/** DigestModel -> the words of the mail, in the manager's language. Pure; every figure shown adds up with its neighbours. */

import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { DigestModel, PaceRow } from '../../src/core/review/digest-types.ts';
import { dayText, stepsText, timeText } from '../format.ts';
import { type MessageKey, translate } from '../i18n/translate.ts';
import { roundToSteps } from '../rounding.ts';
import { visibleText, webAddress } from '../text.ts';
import { CRM_NAMES, capitalised, dealWord, milestoneText } from '../words.ts';
import { type AccuracyView, accuracyView } from './accuracy.ts';
import { type DigestFigures, digestFigures } from './figures.ts';
import { type HeadlineView, headlineView } from './headline.ts';
import { type MovedView, movedView } from './moved.ts';
import { type QuestionView, questionViews } from './questions.ts';
import { preheaderText, subjectText } from './subject.ts';
import { verdictText } from './verdict.ts';

/** Caps of the mail: it is read in sixty seconds. */
const STUCK_ROWS = 3;
const FAST_ROWS = 2;

interface PaceRowView {
  readonly name: string;
  readonly link: string | null;
  readonly detail: string;
  readonly days: string;
  readonly median: string;
}

/** `more`: "+ 3 others" with the page that lists them, or null when all are listed. */
interface PaceView {
  readonly title: string;
  readonly rows: readonly PaceRowView[];
  readonly more: LinkView | null;
}

interface FooterView {
  readonly read: string;
  readonly formula: string;
  readonly check: string | null;
  readonly settings: LinkView;
  readonly unsubscribe: LinkView;
  readonly browser: LinkView;
}

interface LinkView {
  readonly text: string;
  readonly link: string | null;
}

/** `last`: what became of last week's, null when nothing was asked. */
interface QuestionsView {
  readonly title: string;
  readonly last: string | null;
  readonly rows: readonly QuestionView[];
}

/** Everything the two templates print. A null section is left out of the mail. */
export interface DigestView {
  readonly locale: Locale;
  readonly subject: string;
  readonly preheader: string;
  readonly headline: HeadlineView;
  readonly verdict: string;
  readonly questions: QuestionsView | null;
  readonly moved: MovedView | null;
  readonly stuck: PaceView | null;
  readonly fast: PaceView | null;
  readonly accuracy: AccuracyView;
  readonly open: LinkView;
  readonly footer: FooterView;
}

export function digestView(model: DigestModel): DigestView {
  const figures = digestFigures(model);
  const { locale } = model;
  return {
    locale,
    subject: subjectText(model, figures),
    preheader: preheaderText(model, figures),
    headline: headlineView(model, figures),
    verdict: verdictText(model, figures),
    questions: questionsView(model),
    moved: movedView(model, figures),
    stuck: stuckView(model, figures),
    fast: fastView(model, figures),
    accuracy: accuracyView(model),
    open: { text: translate(locale, 'digest.open'), link: webAddress(model.links.forecast) },
    footer: footerView(model),
  };
}

function questionsView(model: DigestModel): QuestionsView | null {
  const { locale, lastQuestions } = model;
  const rows = questionViews(model);
  if (rows.length === 0) return null;
  const last =
    lastQuestions === null ? null : translate(locale, 'digest.questions.last', { ...lastQuestions });
  return { title: translate(locale, 'digest.questions.title'), last, rows };
}

function stuckView(model: DigestModel, figures: DigestFigures): PaceView | null {
  const { locale, crm, stuckTotal } = model;
  const rows = model.stuck.slice(0, STUCK_ROWS);
  if (rows.length === 0) return null;
  const hidden = Math.max(stuckTotal, model.stuck.length) - rows.length;
  return {
    title: capitalised(translate(locale, 'digest.stuck.title', { dealWords: dealWord(crm, locale) })),
    rows: rows.map((row) => paceRow(row, model, figures)),
    more:
      hidden === 0
        ? null
        : {
            text: translate(locale, 'digest.stuck.more', { count: hidden }),
            link: webAddress(model.links.review),
          },
  };
}

function fastView(model: DigestModel, figures: DigestFigures): PaceView | null {
  const { locale, crm } = model;
  const rows = model.fast.slice(0, FAST_ROWS);
  if (rows.length === 0) return null;
  return {
    title: capitalised(translate(locale, 'digest.fast.title', { dealWords: dealWord(crm, locale) })),
    rows: rows.map((row) => paceRow(row, model, figures)),
    more: null,
  };
}

function paceRow(row: PaceRow, model: DigestModel, figures: DigestFigures): PaceRowView {
  const { locale } = model;
  const parts = [
    row.milestone === null ? null : milestoneText(row.milestone, model.milestones, locale),
    row.repFirstName === null ? null : visibleText(row.repFirstName, 20),
    stepsText(roundToSteps(row.netMinor, figures.scale), figures.scale, locale),
  ];
  const median = translate(locale, 'digest.days', { count: row.medianDays });
  return {
    name: visibleText(row.dealName),
    link: webAddress(model.links.deals[row.dealId]),
    detail: parts.filter((part) => part !== null).join(' · '),
    days: translate(locale, 'digest.days', { count: row.days }),
    median: translate(locale, 'digest.median', { days: median }),
  };
}

function footerView(model: DigestModel): FooterView {
  const { locale, zone, dataReadAt, links } = model;
  const link = (key: MessageKey, address: string): LinkView => ({
    text: translate(locale, key),
    link: webAddress(address),
  });
  const readOn = dataReadAt.toZonedDateTimeISO(zone).toPlainDate();
  return {
    read: translate(locale, 'digest.footer.read', {
      crm: CRM_NAMES[model.crm],
      date: dayText(readOn, locale),
      time: timeText(dataReadAt, zone, locale),
    }),
    formula: `${translate(locale, 'forecast.formula')} ${translate(locale, 'forecast.net_formula')}`,
    check: checkText(model),
    settings: link('digest.footer.settings', links.settings),
    unsubscribe: link('digest.footer.unsubscribe', links.unsubscribe),
    browser: link('digest.footer.browser', links.browser),
  };
}

/** What the reader's figures leave out, counted; null when nothing is left out. */
function checkText(model: DigestModel): string | null {
  const { locale, unmappedDeals, excludedDeals, rejectedRecords } = model;
  const fact = (key: MessageKey, count: number): readonly string[] =>
    count > 0 ? [translate(locale, key, { count })] : [];
  const facts = [
    ...fact('digest.footer.unmapped', unmappedDeals),
    ...fact('digest.footer.excluded', excludedDeals),
    ...fact('digest.footer.rejected', rejectedRecords),
  ];
  return facts.length === 0 ? null : translate(locale, 'digest.footer.check', { facts: facts.join(', ') });
}
