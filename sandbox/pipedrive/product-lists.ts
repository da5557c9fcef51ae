import { linesOf } from '../world/line-items.ts';
import type { Account } from './account.ts';
import { dealAt } from './deal-lists.ts';
import { invalid } from './errors.ts';
import { isReply, listPage, listQuery } from './listing.ts';
import { dealProductJson, productJson } from './product-faces.ts';
import { type Call, ok, type Reply } from './reply.ts';

const MAX_DEALS = 100;

/** GET /api/v2/products: `updated_since` only, no `updated_until`. */
export function listProducts(account: Account, call: Call): Reply {
  const query = listQuery(call.query);
  if (isReply(query)) return query;
  const page = listPage(
    account.world.list('product'),
    { ...query, untilMs: null },
    (product) => product.archivedAtMs === null,
  );
  return ok(
    page.records.map((product) => productJson(account, product)),
    { next_cursor: page.nextCursor },
  );
}

/** GET /api/v2/deals/products?deal_ids=1,2: lines of up to 100 deals, by id. */
export function listDealProducts(account: Account, call: Call): Reply {
  const query = listQuery(call.query);
  if (isReply(query)) return query;
  const ids = (call.query.get('deal_ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0 || ids.length > MAX_DEALS || ids.some((id) => !/^\d+$/.test(id)))
    return invalid([{ parameter: 'deal_ids', problem: `must hold 1 to ${MAX_DEALS} ids` }]);
  const deals = ids.map((id) => dealAt(account, id)).filter((deal) => deal !== undefined);
  const owners = new Map(
    deals.flatMap((deal) => linesOf(account.world, deal).map((line) => [line.id, deal] as const)),
  );
  const lines = account.world.list('line_item').filter((line) => owners.has(line.id));
  const page = listPage(lines, query, () => true);
  const shown = page.records.flatMap((line) => {
    const deal = owners.get(line.id);
    return deal === undefined ? [] : [dealProductJson(account, deal, line)];
  });
  return ok(shown, { next_cursor: page.nextCursor });
}
