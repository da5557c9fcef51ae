/** Until sign-in exists: one token for everybody who may look, asked for by the browser's own dialog (HTTP Basic, any user name). */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

/** No token configured means that the service listens on 127.0.0.1 only (src/config.ts), so everybody who reaches it may look. */
export function requireAccess(token: string | null): RequestHandler {
  return (request, response, next) => {
    if (token === null || sameSecret(passwordOf(request.headers.authorization), token)) {
      next();
      return;
    }
    response
      .set('WWW-Authenticate', 'Basic realm="Jalon", charset="UTF-8"')
      .status(401)
      .type('text')
      .send('401');
  };
}

function passwordOf(header: string | undefined): string {
  const [scheme = '', credentials = ''] = (header ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return '';
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

/** Digests have one length, so the comparison tells nothing about the secret, not even its length. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
