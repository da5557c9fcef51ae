/** Control characters (C0, DEL, C1), bidirectional controls, line and paragraph separators, byte order mark. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\uFEFF]+/gu;

/**
 * A text that came from a CRM as one visible line: nothing in it can start a header, reverse the reading order or hide itself.
 * `maxLength` counts characters as a reader does; a longer text ends with an ellipsis.
 */
export function oneVisibleLine(text: string, maxLength: number): string {
  const line = text.toWellFormed().replaceAll(UNSEEN, ' ').replaceAll(/\s+/g, ' ').trim();
  const characters = [...new Intl.Segmenter('en').segment(line.slice(0, maxLength * 8))];
  if (characters.length <= maxLength && line.length <= maxLength * 8) {
    return line;
  }
  const kept = characters.slice(0, maxLength - 1).map(({ segment }) => segment);
  return `${kept.join('').toWellFormed().trimEnd()}…`;
}
