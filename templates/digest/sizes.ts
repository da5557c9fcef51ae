/** How large a digest is, and how large it may be: a mail of a minute, on two screens of a phone, that no mailbox cuts. */
import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { inOneMinute, MAX_HEIGHT_PX, MAX_WORDS, wordsIn } from './one-minute.ts';
import { digestView } from './view.ts';

/** Limits. The height is of a screen 375 px wide: only a browser can tell it; the mail keeps to it by an estimate that the tests hold against one. */
export const DIGEST_SIZES = {
  words: MAX_WORDS,
  phoneHeightPx: MAX_HEIGHT_PX,
  htmlBytes: 60 * 1_024,
  subjectCharacters: 45,
};

/** Words that a reader of the HTML part reads. */
export function digestWords(model: DigestModel): number {
  return wordsIn(inOneMinute(digestView(model)));
}
