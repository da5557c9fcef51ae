import { errorBody, expired, failure, missingScopes, rateLimited, unauthorised } from './errors.ts';
import type { FaultRule } from './fault-board.ts';
import type { Reply } from './reply.ts';

/** An answer given instead of carrying the request out. `html` replaces the JSON body; `bare` has neither body nor content type. */
export interface FaultReply {
  readonly reply: Reply;
  readonly html?: string;
  readonly bare?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEFAULT_RETRY_AFTER_SECONDS = 2;

function htmlPage(status: number, title: string): FaultReply {
  return {
    reply: { status, json: null },
    html: `<!DOCTYPE html>\n<html><head><title>${status}: ${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  };
}

/** Null for the kinds that carry the request out first, or that break the connection. */
export function faultReply(rule: FaultRule, portalId: string, appId: string): FaultReply | null {
  switch (rule.kind) {
    case 'unauthorised':
      return { reply: unauthorised() };
    case 'expired':
      return { reply: expired() };
    case 'forbidden':
      return { reply: missingScopes(['crm.objects.deals.read']) };
    case 'conflict':
      return {
        reply: failure(409, { message: 'Conflicting modification, please try again', category: 'CONFLICT' }),
      };
    case 'locked':
      return { reply: failure(423, { message: 'Resource is locked', category: 'RESOURCE_LOCKED' }) };
    case 'rate_ten_secondly':
      return { reply: rateLimited('ten_secondly', portalId, appId) };
    case 'rate_search':
      return { reply: rateLimited('search', portalId, appId) };
    case 'rate_daily':
      return { reply: rateLimited('daily', portalId, appId) };
    case 'migrating':
      return {
        reply: {
          status: 477,
          json: errorBody({
            message: 'Portal is being migrated between data centers',
            category: 'MIGRATION_IN_PROGRESS',
          }),
        },
        headers: { 'Retry-After': String(rule.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS) },
      };
    case 'error_500':
      return { reply: failure(500, { message: 'internal error' }) };
    case 'unavailable':
      return { reply: failure(503, { message: 'Service unavailable' }) };
    case 'bad_gateway':
      return htmlPage(502, 'Bad gateway');
    case 'unknown_520':
      return htmlPage(520, 'Web server is returning an unknown error');
    case 'timeout_524':
      return htmlPage(524, 'A timeout occurred');
    case 'empty_error':
      return { reply: { status: 500, json: null }, bare: true };
    case 'batch_refused':
      return { reply: failure(400, { message: 'Invalid input JSON', category: 'VALIDATION_ERROR' }) };
    default:
      return null;
  }
}
