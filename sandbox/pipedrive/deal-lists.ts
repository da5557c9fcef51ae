import type { WorldRecord } from '../world/types.ts';
import { type Account, DELETED_FOR_MS } from './account.ts';
import { changelogJson, dealJson } from './deal-face.ts';
import { type DealStatus, lifeOf } from './deal-life.ts';
import { invalid, notFound } from './errors.ts';
import { isReply, type ListQuery, listPage, listQuery } from './listing.ts';
import { type Call, ok, type Reply } from './reply.ts';

type ShownStatus = DealStatus | 'deleted';
const STATUSES: readonly string[] = ['open', 'won', 'lost', 'deleted'];

/** GET /api/v2/deals: all that are neither deleted nor archived, or those of the statuses asked for. */
export function listDeals(account: Account, call: Call): Reply {
  return answerList(account, call, (deal, statuses) => {
    if (account.archivedAtMs.has(deal.id)) return false;
    return keepsStatus(account, deal, statuses);
  });
}

/** GET /api/v2/deals/archived. */
export function listArchivedDeals(account: Account, call: Call): Reply {
  return answerList(
    account,
    call,
    (deal, statuses) => account.archivedAtMs.has(deal.id) && keepsStatus(account, deal, statuses),
  );
}

export function getDeal(account: Account, call: Call): Reply {
  const deal = dealAt(account, call.path[0]);
  return deal === undefined ? notFound() : ok(dealJson(account, deal, includedBy(call)));
}

/** GET /api/v1/deals/{id}/changelog: newest first, cursor pages. */
export function getChangelog(account: Account, call: Call): Reply {
  const deal = dealAt(account, call.path[0]);
  if (deal === undefined) return notFound('Deal');
  const changes = changelogJson(account, deal);
  const start = Number(
    /^id:(\d+)$/.exec(Buffer.from(call.query.get('cursor') ?? '', 'base64').toString())?.[1] ?? 0,
  );
  const limit = Math.min(500, Number(call.query.get('limit') ?? 100));
  const more = start + limit < changes.length;
  const cursor = more
    ? { next_cursor: Buffer.from(`id:${start + limit}`).toString('base64') }
    : { next_cursor: null };
  return ok(changes.slice(start, start + limit), cursor);
}

/** The deal under this id, deleted ones of the last 30 days included. */
export function dealAt(account: Account, idText: string | undefined): WorldRecord | undefined {
  const deal = account.world.get('deal', account.worldId('deal', Number(idText)));
  return deal !== undefined && isPurged(account, deal.archivedAtMs) ? undefined : deal;
}

function answerList(
  account: Account,
  call: Call,
  keeps: (deal: WorldRecord, statuses: ReadonlySet<string>) => boolean,
): Reply {
  const query = listQuery(call.query);
  if (isReply(query)) return query;
  const statuses = statusesOf(call.query);
  if (isReply(statuses)) return statuses;
  const ids = call.query
    .get('ids')
    ?.split(',')
    .map((id) => account.worldId('deal', Number(id)));
  const found = listPage(dealsOf(account, statuses), idsQuery(query, ids), (deal) => {
    return (ids === undefined || ids.includes(deal.id)) && keeps(deal, statuses);
  });
  const include = includedBy(call);
  return ok(
    found.records.map((deal) => dealJson(account, deal, include)),
    { next_cursor: found.nextCursor },
  );
}

function idsQuery(query: ListQuery, ids: readonly string[] | undefined): ListQuery {
  return ids === undefined ? query : { ...query, limit: Math.min(query.limit, 100) };
}

function dealsOf(account: Account, statuses: ReadonlySet<string>): readonly WorldRecord[] {
  const deals = account.world.list('deal');
  return statuses.has('deleted') && account.merged.size > 0
    ? [...deals, ...account.merged.keys()].sort((a, b) => Number(a.id) - Number(b.id))
    : deals;
}

function statusesOf(query: URLSearchParams): ReadonlySet<string> | Reply {
  const text = query.get('status');
  if (text === null) return new Set(['open', 'won', 'lost']);
  const statuses = text.split(',');
  return statuses.every((status) => STATUSES.includes(status))
    ? new Set(statuses)
    : invalid([{ parameter: 'status', problem: `must be one of ${STATUSES.join(', ')}` }]);
}

function keepsStatus(account: Account, deal: WorldRecord, statuses: ReadonlySet<string>): boolean {
  const goneAtMs = deal.archivedAtMs ?? account.merged.get(deal) ?? null;
  if (goneAtMs !== null) return statuses.has('deleted') && !isPurged(account, goneAtMs);
  if (statuses.has('open') && statuses.has('won') && statuses.has('lost')) return true;
  const status: ShownStatus = lifeOf(account, deal).status;
  return statuses.has(status);
}

function isPurged(account: Account, goneAtMs: number | null): boolean {
  return goneAtMs !== null && account.clock.nowMs() - goneAtMs > DELETED_FOR_MS;
}

function includedBy(call: Call): ReadonlySet<string> {
  return new Set((call.query.get('include_fields') ?? '').split(','));
}
