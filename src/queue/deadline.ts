import { QueueError } from '../ports/queue.ts';

/**
 * The outcome of `work`, or a QueueError once `timeoutMs` have passed. A BullMQ call on a lost connection may wait for ever;
 * whatever it does after the deadline is ignored: a late ring is harmless.
 */
export async function withinDeadline<Value>(
  work: Promise<Value>,
  timeoutMs: number,
  doing: string,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new QueueError('QUEUE_UNREACHABLE', `The queue did not answer within ${timeoutMs} ms: ${doing}.`, {
        place: `${timeoutMs} ms`,
      }),
    );
  }, timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } catch (error) {
    throw asQueueError(error, doing);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** SQLSTATE classes that mean "the server is not there": connection, shutdown, too many connections. */
const AWAY_SQLSTATES = /^(08|57P|53300)/;
const AWAY_SYSTEM_CODES = /^(E[A-Z]+)$/;

/** The server's own words may hold an address or a name: only its code is repeated. */
function asQueueError(error: unknown, doing: string): QueueError {
  if (error instanceof QueueError) {
    return error;
  }
  const code = codeOf(error);
  const away = code === null || AWAY_SQLSTATES.test(code) || AWAY_SYSTEM_CODES.test(code);
  return away
    ? new QueueError('QUEUE_UNREACHABLE', `The queue cannot be reached: ${doing}.`, { cause: error })
    : new QueueError('QUEUE_REFUSED', `The queue refused (${code}): ${doing}.`, {
        cause: error,
        place: code,
      });
}

/** SQLSTATE or system error code; null when the error carries none (a broken connection in both drivers). */
export function codeOf(error: unknown): string | null {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return null;
}
