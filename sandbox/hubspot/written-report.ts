import type { Portal } from './portal.ts';
import type { AcceptedWrite } from './write-ledger.ts';

export interface WrittenReport {
  /** Present `jalon_*` values per deal, as HubSpot shows them; cleared values are left out. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Accepted writes per "dealId property value". */
  readonly accepted: Readonly<Record<string, number>>;
  /** Writes of a value that was already there: a planner that writes only changes never makes one. */
  readonly doubled: readonly AcceptedWrite[];
  readonly total: number;
}

/** Reads the account, not the ledger, for what stands there now. */
export function writtenReport(portal: Pick<Portal, 'world' | 'properties' | 'ledger'>): WrittenReport {
  const names = portal.properties
    .list('deal', false)
    .map((property) => property.name)
    .filter((name) => name.startsWith('jalon_'));
  const values: Record<string, Record<string, string>> = {};
  for (const deal of portal.world.list('deal')) {
    const own = names.flatMap((name) => {
      const value = portal.properties.value(deal, name) ?? null;
      return value === null ? [] : [[name, value] as const];
    });
    if (own.length > 0) values[deal.id] = Object.fromEntries(own);
  }
  const all = portal.ledger.all();
  return {
    values,
    accepted: portal.ledger.counts(),
    doubled: all.filter((write) => write.already),
    total: all.length,
  };
}
