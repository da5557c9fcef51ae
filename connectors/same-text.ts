import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time: digests have one length, so that not even the length of the expected text shows. */
export function isSameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
