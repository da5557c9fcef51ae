import { type WorldEdits, worldEdits } from '../shared/edits.ts';
import type { RecordKind } from '../world/types.ts';
import { BY_PERSON } from '../world/world.ts';
import { type Account, domainOf } from './account.ts';
import type { Json } from './reply.ts';

export interface SandboxEdits extends WorldEdits {
  /** Archived in Pipedrive's words: out of the board and of every list but its own. */
  shelve(dealId: string): void;
  unshelve(dealId: string): void;
  renameCompany(name: string): void;
  /** A custom field of deals: returns its key. */
  addDealField(name: string, type: string, labels?: readonly string[]): string;
  removeDealField(name: string): void;
  /** Changes what is sent of a record, into shapes that a healthy account cannot hold. */
  bend(kind: RecordKind, id: string, change: (json: Json) => Json): void;
}

export function sandboxEdits(account: Account): SandboxEdits {
  const { world, clock } = account;
  const touch = (dealId: string) =>
    world.edit('deal', dealId, {}, { atMs: clock.nowMs(), source: BY_PERSON });
  return {
    ...worldEdits(world, clock),
    shelve: (dealId) => {
      account.archivedAtMs.set(dealId, clock.nowMs());
      touch(dealId);
    },
    unshelve: (dealId) => {
      account.archivedAtMs.delete(dealId);
      touch(dealId);
    },
    renameCompany: (name) => {
      account.domain = domainOf(name);
    },
    addDealField: (name, type, labels = []) =>
      account.dealFields.add({ name, type, description: '', labels, atMs: clock.nowMs() }).code,
    removeDealField: (name) => {
      for (const field of account.dealFields.present()) if (field.name === name) field.deleted = true;
    },
    bend: (kind, id, change) => void account.bent.set(`${kind}/${id}`, change),
  };
}
