/**
 * How tall the mail is on a phone, told without a browser: the lines of its texts at 375 px by the width of their characters. It errs upwards;
 * a test holds it against Chromium. The figures are those of digest.mjml.
 */
import type { DigestView } from './view.ts';

/** 375 px less the margins of 20. */
const WIDTH_PX = 335;
/** Of the type at 16 px: an average of French and English text in Helvetica and its like. */
const CHARACTER_PX = 7.5;
/** A line ends before the word that does not fit. */
const RAGGED_PX = 18;
/** Between the two cells of a row. */
const GUTTER_PX = 12;
const TITLE_PX = 28;
const SECTION_PX = 16;

/** Top margin, title, figure, bar, facts; the button. */
const HEAD_PX = 147;
const BUTTON_PX = 69;
const BARS_PX = 96;

export function phoneHeightPx(view: DigestView): number {
  return (
    HEAD_PX +
    linesOf(view.verdict, WIDTH_PX) * 22 +
    18 +
    questionsPx(view.questions) +
    movedPx(view.moved) +
    stuckPx(view.stuck) +
    fastPx(view.fast) +
    TITLE_PX +
    linesOf(view.accuracy.sentence, WIDTH_PX) * 22 +
    14 +
    (view.accuracy.bars.length > 0 ? BARS_PX : 0) +
    (view.open.link === null ? 0 : BUTTON_PX) +
    footerPx(view.footer)
  );
}

function questionsPx(questions: DigestView['questions']): number {
  if (questions === null) return 0;
  const rows = questions.rows.map(({ rep, text }) => linesOf(`${rep}. ${text}`, WIDTH_PX - 15) * 22 + 8);
  return TITLE_PX + (questions.last === null ? 0 : 22) + sum(rows) + 14;
}

function movedPx(moved: DigestView['moved']): number {
  if (moved === null) return 0;
  if (moved.note !== null) return TITLE_PX + linesOf(moved.note, WIDTH_PX) * 22 + SECTION_PX;
  const rows = moved.rows.map(({ name, kind, change }) => rowPx(linesOf(`${name} ${kind}`, besides(change))));
  return TITLE_PX + sum(rows) + SECTION_PX;
}

function stuckPx(stuck: DigestView['stuck']): number {
  if (stuck === null) return 0;
  const rows = stuck.rows.map(({ name, detail, median }) =>
    rowPx(linesOf(name, besides(median)) + linesOf(detail, besides(median) * 1.14)),
  );
  return TITLE_PX + sum(rows) + (stuck.more === null ? 0 : 27) + SECTION_PX;
}

function fastPx(fast: DigestView['fast']): number {
  if (fast === null) return 0;
  const rows = fast.rows.map(({ name, days, median }) =>
    rowPx(linesOf(name, besides(`${days} / ${median}`))),
  );
  return TITLE_PX + sum(rows) + SECTION_PX;
}

function footerPx({ read, formula, check, settings, unsubscribe, browser }: DigestView['footer']): number {
  const width = WIDTH_PX * 1.14;
  const links = [settings, unsubscribe, browser].map(({ text }) => text).join(' · ');
  const lines = linesOf(`${read} ${formula}`, width) + (check === null ? 0 : linesOf(check, width));
  return 14 + (lines + linesOf(links, width)) * 20 + 18;
}

/** Characters that still tell one customer from another. */
const SHORTEST_NAME = 16;

/** Lists whose rows begin with the name of a deal. */
export type NamedList = 'moved' | 'stuck' | 'fast';

/** How many characters of its name keep a row's first text to one line; null when it stands on one line as it is. */
export function nameLimit(view: DigestView, list: NamedList, at: number): number | null {
  const { name = '', after = '', figure = '' } = firstLine(view, list, at) ?? {};
  const width = besides(figure);
  return linesOf(name + after, width) <= 1
    ? null
    : Math.max(SHORTEST_NAME, Math.floor((width - RAGGED_PX) / CHARACTER_PX) - after.length);
}

interface FirstLine {
  readonly name: string;
  /** On the same line behind the name. */
  readonly after: string;
  /** In the cell at the right. */
  readonly figure: string;
}

function firstLine({ moved, stuck, fast }: DigestView, list: NamedList, at: number): FirstLine | null {
  const movedRow = list === 'moved' ? moved?.rows[at] : undefined;
  if (movedRow !== undefined)
    return { name: movedRow.name, after: ` ${movedRow.kind}`, figure: movedRow.change };
  const stuckRow = list === 'stuck' ? stuck?.rows[at] : undefined;
  if (stuckRow !== undefined) return { name: stuckRow.name, after: '', figure: stuckRow.median };
  const fastRow = list === 'fast' ? fast?.rows[at] : undefined;
  return fastRow === undefined
    ? null
    : { name: fastRow.name, after: '', figure: `${fastRow.days} / ${fastRow.median}` };
}

/** A row of a table: its lines, its padding, its rule. */
function rowPx(lines: number): number {
  return lines * 21 + 11;
}

/** What a figure at the right leaves of the width. */
function besides(figure: string): number {
  return WIDTH_PX - GUTTER_PX - figure.length * CHARACTER_PX;
}

function linesOf(text: string, widthPx: number): number {
  const px = text.length * CHARACTER_PX;
  return px <= widthPx ? 1 : Math.ceil(px / (widthPx - RAGGED_PX));
}

function sum(parts: readonly number[]): number {
  return parts.reduce((total, part) => total + part, 0);
}
