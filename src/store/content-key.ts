import { hash } from 'node:crypto';

/** Digest of a canonical JSON text: equal keys mean equal values. */
export function contentKeyOf(canonicalJson: string): string {
  return hash('sha256', canonicalJson, 'base64url');
}
