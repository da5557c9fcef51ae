/** Links between records, read 1,000 records at a time; a record with more links than fit is asked again from where it stopped. */
import type { HubspotApi, ObjectType } from './api.ts';

/** developers.hubspot.com changelog 2025-02-10. */
const MAX_INPUTS = 1_000;

/** Every id asked has an entry; a record without links is absent from HubSpot's reply. Ids of one record are each there once. */
export async function readAssociations(
  api: HubspotApi,
  from: ObjectType,
  to: ObjectType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const links = new Map<string, Set<string>>(ids.map((id) => [id, new Set<string>()]));
  let open: { readonly id: string; readonly after?: string }[] = ids.map((id) => ({ id }));
  while (open.length > 0) {
    const inputs = open.slice(0, MAX_INPUTS);
    const reply = await api.associations(from, to, inputs);
    const unfinished = reply.results.flatMap((row) => {
      for (const link of row.to) links.get(row._from.id)?.add(link.toObjectId);
      const after = row.paging?.next?.after;
      return after === undefined ? [] : [{ id: row._from.id, after }];
    });
    open = [...open.slice(MAX_INPUTS), ...unfinished];
  }
  return new Map([...links].map(([id, linked]) => [id, [...linked]]));
}

/** A raw record with its links of one kind set to `ids`: what a list reply would have carried inline. */
export function withLinks(raw: unknown, to: string, ids: readonly string[]): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  const before = 'associations' in raw && typeof raw.associations === 'object' ? raw.associations : {};
  return { ...raw, associations: { ...before, [to]: { results: ids.map((id) => ({ id })) } } };
}
