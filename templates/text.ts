/** Texts of a CRM are strangers' texts: nothing invisible, nothing endless, no address but the web's. */

/** C0 and C1 controls, zero-width and bidirectional controls, line separators, byte order mark. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: to remove control characters one must name them
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/g;

const NAME_LIMIT = 45;

/** A reader's character is at most this many code units here; beyond, it is a stack of marks made to overflow the line. */
const UNITS_PER_CHARACTER = 4;

/** One visible line of at most `limit` characters (what a reader counts, not code units); cut with an ellipsis. */
export function visibleText(text: string, limit: number = NAME_LIMIT): string {
  const line = text.replace(INVISIBLE, ' ').replace(/ {2,}/g, ' ').trim();
  if (line.length <= limit) return line;
  const characters = graphemes(line.slice(0, limit * UNITS_PER_CHARACTER));
  if (characters.length <= limit && line.length <= limit * UNITS_PER_CHARACTER) return line;
  const kept = characters.slice(0, limit - 1).join('');
  return `${kept.trimEnd()}…`;
}

/** The address when it is plain http(s) without credentials, else null: then the name is shown without a link. */
export function webAddress(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  const plain =
    (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  return plain ? url.href : null;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
