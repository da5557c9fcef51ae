/** A digest is read in sixty seconds: at most 230 words, on two screens of a phone. What is pleasant to know gives way to what is needed, in this order. */
import { visibleText } from '../text.ts';
import { type NamedList, nameLimit, phoneHeightPx } from './height.ts';
import type { DigestView } from './view.ts';

export const MAX_WORDS = 230;
export const MAX_HEIGHT_PX = 1_600;

/** Whose names are cut first; in each list from the last row up. */
const LISTS_WITH_NAMES: readonly NamedList[] = ['fast', 'moved', 'stuck'];

/** Fields of the view that nobody reads: addresses, names of colours, the line of the mailbox. */
const UNREAD: ReadonlySet<string> = new Set(['locale', 'subject', 'preheader', 'link', 'tone']);

type Shortening = (view: DigestView) => DigestView;

const SHORTENINGS: readonly Shortening[] = [
  withNamesCut,
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

/**
 * Name by name until the mail is short enough. A name that is cut is still found behind its link; a deal that is left out is not. Only to
 * one line: a name that still takes two saves nothing.
 */
function withNamesCut(view: DigestView): DigestView {
  let shorter = view;
  for (const list of LISTS_WITH_NAMES)
    for (let at = (view[list]?.rows.length ?? 0) - 1; at >= 0; at -= 1) {
      if (phoneHeightPx(shorter) <= MAX_HEIGHT_PX) return shorter;
      const limit = nameLimit(shorter, list, at);
      if (limit !== null) shorter = withName(shorter, list, at, limit);
    }
  return shorter;
}

function withName(view: DigestView, list: NamedList, cutAt: number, limit: number): DigestView {
  const cut = <Row extends { readonly name: string }>(row: Row, at: number): Row =>
    at === cutAt ? { ...row, name: visibleText(row.name, limit) } : row;
  switch (list) {
    case 'fast':
      return { ...view, fast: view.fast && { ...view.fast, rows: view.fast.rows.map(cut) } };
    case 'moved':
      return { ...view, moved: view.moved && { ...view.moved, rows: view.moved.rows.map(cut) } };
    case 'stuck':
      return { ...view, stuck: view.stuck && { ...view.stuck, rows: view.stuck.rows.map(cut) } };
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
