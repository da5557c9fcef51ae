/** The other side of replay-thread.ts: collects the deals, replays once, answers once. */
import { parentPort } from 'node:worker_threads';
import { type ReplayRequest, replayPast } from '../../jobs/replay-past.ts';
import type { Deal } from '../core/deals/deal.ts';
import { fromCanonicalJson, toCanonicalJson } from '../core/values/json.ts';

type Message = { readonly deals: string } | { readonly replay: string };

interface Settings {
  readonly settings: Omit<ReplayRequest['sources'], 'deals'>;
  readonly asOf: ReplayRequest['asOf'];
  readonly options: ReplayRequest['options'];
}

const deals: Deal[] = [];

parentPort?.on('message', (message: Message) => {
  if ('deals' in message) {
    for (const deal of fromCanonicalJson<readonly Deal[]>(message.deals)) deals.push(deal);
    return;
  }
  const { settings, asOf, options } = fromCanonicalJson<Settings>(message.replay);
  parentPort?.postMessage(toCanonicalJson(replayPast({ sources: { ...settings, deals }, asOf, options })));
});
