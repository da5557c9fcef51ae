/** The replay in a thread of its own: a page waits for no Monday of long ago, and a lease is prolonged meanwhile. */
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { PastFigures, Replay } from '../../jobs/replay-past.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';

/** Deals cross as text; so many at a time that writing them stops this thread for some milliseconds. */
const DEALS_AT_ONCE = 250;

/** One thread per replay, because there is one replay a month. It dies with the process, and with the job that asked. */
export const replayInThread: Replay = async ({ sources, asOf, options }, signal) => {
  signal.throwIfAborted();
  const { deals, ...settings } = sources;
  const thread = new Worker(new URL('./replay-thread-main.ts', import.meta.url));
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = answerOf(thread);
    for (let from = 0; from < deals.length; from += DEALS_AT_ONCE) {
      thread.postMessage({ deals: toCanonicalJson(deals.slice(from, from + DEALS_AT_ONCE)) });
      await breathe();
    }
    thread.postMessage({ replay: toCanonicalJson({ settings, asOf, options }) });
    return fromCanonicalJson<PastFigures>(await answer);
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
};

/** The one message of the thread. What the thread throws, lack of memory included, rejects, and the outbox tries again. */
function answerOf(thread: Worker): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', (code) => reject(new Error(`the thread of the replay ended with ${code}`)));
  // It may fail while deals are still being handed over; whoever awaits it hears of it.
  promise.catch(() => undefined);
  return promise;
}
