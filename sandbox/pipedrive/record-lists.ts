import type { RecordKind, WorldRecord } from '../world/types.ts';
import type { Account } from './account.ts';
import { invalid } from './errors.ts';
import { fieldJson, standardFieldsJson } from './fields.ts';
import { isReply, listPage, listQuery } from './listing.ts';
import {
  activityJson,
  meJson,
  noteJson,
  organizationJson,
  personJson,
  pipelineJsons,
  stageJsons,
  teamJsons,
  userJson,
} from './record-faces.ts';
import { type Call, type Json, ok, type Reply } from './reply.ts';
import { secondOf, wholeSecondMs } from './times.ts';

export function listOrganizations(account: Account, call: Call): Reply {
  return listOf(account, call, account.world.list('company'), organizationJson);
}

export function listPersons(account: Account, call: Call): Reply {
  return listOf(account, call, account.world.list('contact'), personJson);
}

/** Calls, meetings and tasks. Mails are elsewhere in Pipedrive: a deal only tells when the last one came. */
export function listActivities(account: Account, call: Call): Reply {
  const kinds: readonly RecordKind[] = ['call', 'meeting', 'task'];
  const all = kinds.flatMap((kind) => account.world.list(kind));
  const sorted = all.sort((a, b) => Number(a.id) - Number(b.id));
  return listOf(account, call, sorted, activityJson);
}

function listOf(
  account: Account,
  call: Call,
  sorted: readonly WorldRecord[],
  show: (account: Account, record: WorldRecord) => Json,
): Reply {
  const query = listQuery(call.query);
  if (isReply(query)) return query;
  const page = listPage(sorted, query, (record) => record.archivedAtMs === null);
  return ok(
    page.records.map((record) => show(account, record)),
    { next_cursor: page.nextCursor },
  );
}

/** v1: start and limit, no cursor. */
export function listNotes(account: Account, call: Call): Reply {
  const sinceText = call.query.get('updated_since');
  const since = sinceText === null ? null : wholeSecondMs(sinceText);
  if (sinceText !== null && since === null)
    return invalid([{ parameter: 'updated_since', problem: 'not a valid datetime' }]);
  const start = Number(call.query.get('start') ?? 0);
  const limit = Math.min(500, Number(call.query.get('limit') ?? 100));
  const notes = account.world
    .list('note')
    .filter((note) => note.archivedAtMs === null)
    .filter((note) => since === null || secondOf(note.updatedAtMs) >= since);
  const page = notes.slice(start, start + limit);
  const more = start + limit < notes.length;
  const pagination = {
    start,
    limit,
    more_items_in_collection: more,
    ...(more ? { next_start: start + limit } : {}),
  };
  return ok(
    page.map((note) => noteJson(account, note)),
    { pagination },
  );
}

export function listUsers(account: Account): Reply {
  const { company_id, company_name, company_domain, company_country, company_industry, language, ...me } =
    meJson(account) as Record<string, unknown>;
  return ok([me, ...account.world.owners.map((owner) => userJson(account, owner))]);
}

export function getMe(account: Account): Reply {
  return ok(meJson(account));
}

export function listTeams(account: Account): Reply {
  return ok(teamJsons(account));
}

export function listPipelines(account: Account): Reply {
  return ok(pipelineJsons(account), { next_cursor: null });
}

export function listStages(account: Account): Reply {
  return ok(stageJsons(account), { next_cursor: null });
}

export function listDealFields(account: Account, call: Call): Reply {
  return pageOfFields([...standardFieldsJson(), ...account.dealFields.present().map(fieldJson)], call);
}

export function listPersonFields(account: Account, call: Call): Reply {
  return pageOfFields(account.personFields.present().map(fieldJson), call);
}

function pageOfFields(fields: readonly Json[], call: Call): Reply {
  const start = Number(Buffer.from(call.query.get('cursor') ?? '', 'base64url').toString() || 0);
  const limit = Math.min(500, Number(call.query.get('limit') ?? 100));
  const more = start + limit < fields.length;
  const next_cursor = more ? Buffer.from(String(start + limit)).toString('base64url') : null;
  return ok(fields.slice(start, start + limit), { next_cursor });
}

/** Sums per currency, converted with rates that only the server knows: 1 unit of the currency in the account's own. */
export function summariseDeals(account: Account): Reply {
  const { currency: own, extraCurrencies } = account.world.account;
  const rateOf = (code: string) => {
    const rate = extraCurrencies.filter((row) => row.currency === code).at(-1)?.rate;
    return code === own ? 1 : rate === undefined ? null : Number(rate);
  };
  const sums = new Map<string, { value: number; count: number }>();
  for (const deal of account.world.list('deal')) {
    const code = account.world.value(deal, 'currency') ?? own;
    const amount = Number(account.world.value(deal, 'amount') ?? '0');
    if (deal.archivedAtMs !== null || Number.isNaN(amount)) continue;
    const sum = sums.get(code) ?? { value: 0, count: 0 };
    sums.set(code, { value: sum.value + amount, count: sum.count + 1 });
  }
  const values_total = Object.fromEntries(
    [...sums].map(([code, { value, count }]) => {
      const rate = rateOf(code);
      const converted = rate === null ? {} : { value_converted: Math.round(value * rate * 100) / 100 };
      return [code, { value, count, ...converted, value_formatted: `${code} ${value}` }];
    }),
  );
  return ok({ values_total, weighted_values_total: {}, total_count: account.world.list('deal').length });
}
