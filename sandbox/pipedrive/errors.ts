import { type Json, type Reply, reply } from './reply.ts';

/** The error catalogue of crm/pipedrive.md section 8: what the published specification leaves out. */

const SEE_DEVELOPERS = 'Please check developers.pipedrive.com';

export function unauthorised(): Reply {
  return reply(
    401,
    { success: false, error: 'unauthorized access', errorCode: 401, error_info: SEE_DEVELOPERS },
    { 'x-401-by-gw': 'true' },
  );
}

export function missingScope(): Reply {
  return reply(403, {
    success: false,
    error: 'Scope and URL mismatch',
    errorCode: 403,
    error_info: SEE_DEVELOPERS,
  });
}

/** One sentence for each parameter that is wrong, joined as the API joins them. */
export function invalid(
  problems: readonly { readonly parameter: string; readonly problem: string }[],
): Reply {
  const error = problems.map(({ parameter, problem }) => `${parameter}: ${problem}`).join('; ');
  return reply(400, {
    success: false,
    error: `Validation failed: ${error}`,
    code: 'ERR_SCHEMA_VALIDATION_FAILED',
  });
}

export function notAllowed(parameter: string): { parameter: string; problem: string } {
  return { parameter, problem: `Parameter '${parameter}' is not allowed for this request` };
}

export function notFound(what = 'Entity'): Reply {
  return reply(404, {
    success: false,
    error: `${what} was not found`,
    error_info: 'Object was not found.',
    data: null,
    additional_data: null,
  });
}

/** The plan's cap: `code` names the feature, e.g. feature_capping_deals_custom_fields_limit. */
export function capped(code: string): Reply {
  return reply(403, {
    success: false,
    error: 'Limit of your plan reached.',
    code,
    error_info: SEE_DEVELOPERS,
  });
}

export function overLimit(): Json {
  return { success: false, error: 'request over limit', errorCode: 429 };
}

export const CLOUDFLARE_PAGE =
  '<!DOCTYPE html><html><head><title>Access denied</title></head><body><h1>Error 1015</h1><p>You are being rate limited.</p></body></html>';
