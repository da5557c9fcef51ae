import { randomUUID } from 'node:crypto';
import { type Json, type Reply, reply } from './reply.ts';

/** HubSpot's error envelope (hubspot.md section 3): every field but status and message may be absent. */
export interface ErrorFacts {
  readonly message: string;
  readonly category?: string;
  readonly subCategory?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly Json[];
}

export function errorBody(facts: ErrorFacts): Json {
  return { status: 'error', correlationId: randomUUID(), ...facts };
}

export function failure(status: number, facts: ErrorFacts): Reply {
  return reply(status, errorBody(facts));
}

export function validationError(message: string, more: Partial<ErrorFacts> = {}): Reply {
  return failure(400, { message, category: 'VALIDATION_ERROR', ...more });
}

export function notFound(message: string): Reply {
  return failure(404, { message, category: 'OBJECT_NOT_FOUND' });
}

export function unauthorised(): Reply {
  return failure(401, {
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    category: 'INVALID_AUTHENTICATION',
  });
}

export function expired(): Reply {
  return failure(401, {
    message: 'The OAuth token used to make this call expired.',
    category: 'EXPIRED_AUTHENTICATION',
  });
}

export function missingScopes(scopes: readonly string[]): Reply {
  return failure(403, {
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    category: 'MISSING_SCOPES',
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: scopes },
      },
    ],
  });
}

/** The three bodies of 429: with policyName and no category; daily; and the search one with a category and no policyName. */
export function rateLimited(
  policy: 'ten_secondly' | 'daily' | 'search',
  portalId: string,
  appId: string,
): Reply {
  if (policy === 'search') {
    return failure(429, { message: 'You have reached your secondly limit.', category: 'RATE_LIMITS' });
  }
  const shared = {
    status: 'error',
    errorType: 'RATE_LIMIT',
    correlationId: randomUUID(),
    requestId: randomUUID(),
  };
  if (policy === 'daily') {
    return reply(429, { ...shared, message: 'You have reached your daily limit.', policyName: 'DAILY' });
  }
  return reply(429, {
    ...shared,
    message: 'You have reached your ten_secondly_rolling limit.',
    policyName: 'TEN_SECONDLY_ROLLING',
    groupName: `publicapi:private_app-api-calls-ten-secondly:${portalId}:${appId}`,
  });
}

/** One row of a 207: what went wrong with some inputs. */
export function rowError(facts: ErrorFacts): Json {
  return { status: 'error', ...facts };
}
