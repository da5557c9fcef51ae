/** Ways of asking: once for all who need it, and without insisting where a plan or a token does not permit it. */
import { ConnectorError } from '../src/ports/connector.ts';
import type { Logger } from '../src/ports/logger.ts';

export function once<Found>(ask: () => Promise<Found>): () => Promise<Found> {
  let asked: Promise<Found> | null = null;
  return () => {
    asked ??= ask();
    return asked;
  };
}

/** Feature not in the plan, scope missing, endpoint switched off. A token that is not accepted at all (401) is no such case. */
const NOT_PERMITTED = new Set([402, 403, 404, 410, 415]);

export function isNotPermitted(error: unknown): error is ConnectorError {
  return (
    error instanceof ConnectorError &&
    NOT_PERMITTED.has(error.status ?? 0) &&
    error.code !== 'CRM_RATE_LIMITED'
  );
}

export function whatIsPermitted(logger: Logger) {
  return async <Found>(ask: () => Promise<Found>): Promise<Found | null> => {
    try {
      return await ask();
    } catch (error) {
      if (!isNotPermitted(error)) throw error;
      logger.warn('not permitted, left out', { place: error.message });
      return null;
    }
  };
}
