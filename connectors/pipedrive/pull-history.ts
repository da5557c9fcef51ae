/**
 * The past of deals that were there before us: open deals first, then closed ones from the newest, then archived results, for as long as our share of the day's
 * tokens lasts. It stops without ado when the share is used up, and goes on with the next pull; until then the deals say that their history
 * is incomplete.
 */
import { ConnectorError, type PullPage } from '../../src/ports/connector.ts';
import type { ListPage } from './api.ts';
import type { Cursor } from './cursor.ts';
import { knownPast } from './deal-past.ts';
import { readDealRow } from './deal-row.ts';
import { dealFromPipedrive } from './normalise.ts';
import { NOTHING, type PageContent } from './page-content.ts';
import { CHANGELOG_TOKENS, readPasts } from './read-pasts.ts';
import type { Reading } from './reading.ts';
import { sorted } from './sorted.ts';

/** Deals listed at a time: what a stop in the middle may cost to ask again. */
const CHUNK_DEALS = 100;
const LIST_TOKENS = 20;

const WALKS = {
  open: { status: 'open', sort: 'id' },
  closed: { status: 'won,lost', sort: 'newest' },
} as const;
const NEXT = { open: 'closed', closed: 'archived', archived: 'done' } as const;

export async function* pullHistory(reading: Reading, start: Cursor): AsyncGenerator<PullPage, void, void> {
  let cursor = start;
  while (cursor.history.walk !== 'done') {
    if (!reading.ledger.allows(LIST_TOKENS + CHANGELOG_TOKENS, 'history')) return;
    const step = await historyStep(reading, cursor).catch(stopAtDailyLimit);
    if (step === null) return;
    const moved =
      step.cursor.history.walk !== cursor.history.walk || step.cursor.history.after !== cursor.history.after;
    cursor = step.cursor;
    if (step.content.deals.length > 0 || moved) yield { ...step.content, lane: 'history', cursor };
    if (!moved) return;
  }
}

interface Step {
  readonly content: PageContent;
  readonly cursor: Cursor;
}

/** One chunk. The cursor moves on only when every deal of it has got its past. */
async function historyStep(reading: Reading, cursor: Cursor): Promise<Step> {
  const { walk, after } = cursor.history;
  if (walk === 'done') return { content: NOTHING, cursor };
  const { facts, evidence } = reading;
  const listed = await listChunk(reading, walk, after);
  const rows = sorted(listed.rows, readDealRow).read.filter(
    (row) => walk !== 'archived' || row.source.status !== 'open',
  );
  const held = await reading.knownDeals(rows.map((row) => row.id));
  const lacking = rows.filter((row) => knownPast(row, evidence, held.get(row.id)) === null);
  const pasts = await readPasts(reading, lacking);
  const deals = lacking.flatMap((row) => {
    const past = pasts.get(row.id);
    return past === undefined ? [] : [dealFromPipedrive(row, facts, evidence, past)];
  });
  const afforded = deals.length === lacking.length || reading.ledger.allows(CHANGELOG_TOKENS, 'history');
  const content = { ...NOTHING, deals };
  return { content, cursor: afforded ? { ...cursor, history: nextOf(walk, listed.next) } : cursor };
}

type HistoryWalk = Exclude<Cursor['history']['walk'], 'done'>;

async function listChunk(
  { api, evidence }: Reading,
  walk: HistoryWalk,
  after: string | null,
): Promise<ListPage> {
  const customKeys = [...evidence.values()].map((field) => field.field_code);
  if (walk === 'archived') return await api.list('archived', { after, customKeys, updatedSince: null });
  return await api.deals({ ...WALKS[walk], after, customKeys, limit: CHUNK_DEALS });
}

function nextOf(walk: HistoryWalk, next: string | null): Cursor['history'] {
  return next === null ? { walk: NEXT[walk], after: null } : { walk, after: next };
}

/** The day ended before our share did: other apps were faster. The lists have landed, so this is no failure of the pull. */
function stopAtDailyLimit(error: unknown): null {
  if (error instanceof ConnectorError && error.code === 'CRM_DAILY_LIMIT') return null;
  throw error;
}
