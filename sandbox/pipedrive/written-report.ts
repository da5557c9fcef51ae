import type { AcceptedWrite } from './accepted-write.ts';
import type { Account } from './account.ts';

export interface WrittenReport {
  /** Present values of custom fields that were written through the API, per deal and field name; cleared values are left out. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Accepted writes per "dealId field value". */
  readonly accepted: Readonly<Record<string, number>>;
  /** Writes of a value that was already there: a planner that writes only changes never makes one. */
  readonly doubled: readonly AcceptedWrite[];
  readonly total: number;
}

/** Reads the account, not the journal, for what stands there now. */
export function writtenReport(account: Account): WrittenReport {
  const values: Record<string, Record<string, string>> = {};
  const fields = account.dealFields.present().filter((field) => field.worldField === field.code);
  for (const deal of account.world.list('deal')) {
    const own = fields.flatMap((field) => {
      const value = account.world.value(deal, field.worldField);
      return value === null ? [] : [[field.name, value] as const];
    });
    if (own.length > 0) values[deal.id] = Object.fromEntries(own);
  }
  const accepted: Record<string, number> = {};
  for (const { dealId, field, value } of account.accepted) {
    const key = `${dealId} ${field} ${value}`;
    accepted[key] = (accepted[key] ?? 0) + 1;
  }
  const doubled = account.accepted.filter((write) => write.already);
  return { values, accepted, doubled, total: account.accepted.length };
}
