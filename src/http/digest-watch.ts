/** Whether a Monday is missing, looked up before a page is made: the banner is the one alarm that needs no mail server. */
import type { RequestHandler } from 'express';
import { digestStandings } from '../../jobs/digest/digest-status.ts';
import type { HttpContext } from './context.ts';
import { firstConnection } from './shown-week.ts';

/** Pages that are opened one after the other need not ask again. */
const KEPT_MS = 10_000;

export interface DigestWatch {
  readonly look: RequestHandler;
  readonly names: () => readonly string[];
}

export function digestWatch(context: HttpContext): DigestWatch {
  let names: readonly string[] = [];
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    names: () => names,
    look: async (request, _response, next) => {
      const nowMs = context.clock.now().epochMilliseconds;
      if (request.method === 'GET' && Math.abs(nowMs - lookedAtMs) >= KEPT_MS) {
        names = await missingNames(context);
        lookedAtMs = nowMs;
      }
      next();
    },
  };
}

async function missingNames(context: HttpContext): Promise<readonly string[]> {
  const { store, tenantId, clock } = context;
  return await store.inTenant(tenantId, async (tenant) => {
    const connection = await firstConnection(context, tenant);
    if (connection === null) return [];
    const standings = await digestStandings(tenant, connection, clock.now());
    return standings.filter(({ missing }) => missing).map(({ manager }) => manager.name);
  });
}
