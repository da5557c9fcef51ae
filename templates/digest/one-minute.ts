/** A digest is read in sixty seconds: at most 230 words, on two screens of a phone. What is pleasant to know gives way to what is needed, in this order. */
import { visibleText } from '../text.ts';
import { phoneHeightPx } from './height.ts';
import type { DigestView } from './view.ts';

export const MAX_WORDS = 230;
export const MAX_HEIGHT_PX = 1_600;

/** A name that is cut is still found behind its link; a deal that is left out is not. One list after the other, no shorter than it must be. */
const SHORTER_NAMES = [38, 34, 28];
const LISTS_WITH_NAMES = ['fast', 'moved', 'stuck'] as const;

/** Fields of the view that nobody reads: addresses, names of colours, the line of the mailbox. */
const UNREAD: ReadonlySet<string> = new Set(['locale', 'subject', 'preheader', 'link', 'tone']);

type Shortening = (view: DigestView) => DigestView;

const SHORTENINGS: readonly Shortening[] = [
  ...SHORTER_NAMES.flatMap((limit) =>
    LISTS_WITH_NAMES.map(
      (list): Shortening =>
        (view) =>
          phoneHeightPx(view) > MAX_HEIGHT_PX ? withShortNames(view, list, limit) : view,
    ),
  ),
  (view) => ({ ...view, fast: view.fast && { ...view.fast, rows: view.fast.rows.slice(0, 1) } }),
  (view) => ({ ...view, fast: null }),
  (view) => ({ ...view, questions: view.questions && { ...view.questions, last: null } }),
  (view) => ({
    ...view,
    questions: view.questions && { ...view.questions, rows: view.questions.rows.slice(0, 2) },
  }),
];

/** Takes away no more than it must. What adds up (headline, movements) and what is counted stays whole. */
export function inOneMinute(view: DigestView): DigestView {
  let shorter = view;
  for (const shorten of SHORTENINGS) {
    if (wordsIn(shorter) <= MAX_WORDS && phoneHeightPx(shorter) <= MAX_HEIGHT_PX) return shorter;
    shorter = shorten(shorter);
  }
  return shorter;
}

function withShortNames(
  view: DigestView,
  list: (typeof LISTS_WITH_NAMES)[number],
  limit: number,
): DigestView {
  const short = <Row extends { readonly name: string }>(row: Row): Row => ({
    ...row,
    name: visibleText(row.name, limit),
  });
  switch (list) {
    case 'fast':
      return { ...view, fast: view.fast && { ...view.fast, rows: view.fast.rows.map(short) } };
    case 'moved':
      return { ...view, moved: view.moved && { ...view.moved, rows: view.moved.rows.map(short) } };
    case 'stuck':
      return { ...view, stuck: view.stuck && { ...view.stuck, rows: view.stuck.rows.map(short) } };
  }
}

/** A figure and its unit are one word: they are joined by a space that does not break. Fast deals are shown without their details. */
export function wordsIn(view: DigestView): number {
  const fast = view.fast && { ...view.fast, rows: view.fast.rows.map((row) => ({ ...row, detail: '' })) };
  const read = readTexts({ ...view, fast }).join(' ');
  const words = read.split(/[ \n\t]+/);
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function readTexts(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => (UNREAD.has(name) ? [] : readTexts(value)));
}
