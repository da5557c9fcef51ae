/**
 * Forms are accepted from our own pages only. A browser says where a form comes from, in headers that no page can forge: `Sec-Fetch-Site`
 * (every current browser, on https and on 127.0.0.1) and `Origin`. With both checked no hidden token is needed (OWASP, "Cross-Site
 * Request Forgery Prevention", fetch metadata). A request that carries neither does not come from a browser's form and is refused too.
 */
import type { Request, RequestHandler } from 'express';
import type { Config } from '../config.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

export function requireSameOrigin(config: Pick<Config, 'accessToken' | 'publicUrl'>): RequestHandler {
  return (request, response, next) => {
    if (isOurs(request, config)) next();
    else response.status(403).type('text').send('403');
  };
}

function isOurs(request: Request, config: Pick<Config, 'accessToken' | 'publicUrl'>): boolean {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  if (site !== undefined && site !== 'same-origin') return false;
  if (site === undefined && origin === undefined) return false;
  const host = request.get('host') ?? '';
  if (origin !== undefined && hostOf(origin) !== host && origin !== originOf(config.publicUrl)) return false;
  return isKnownHost(host, config);
}

/** Without a token anybody who reaches us is trusted: then a name that a stranger pointed at 127.0.0.1 must not pass for ours (DNS rebinding). */
function isKnownHost(
  host: string,
  { accessToken, publicUrl }: Pick<Config, 'accessToken' | 'publicUrl'>,
): boolean {
  if (accessToken !== null || host === hostOf(publicUrl ?? '')) return true;
  return LOOPBACK.has(URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '');
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host : null;
}

function originOf(address: string | null): string | null {
  return address !== null && URL.canParse(address) ? new URL(address).origin : null;
}
