import type { RecordKind, RecordRef, Stamp } from '../world/types.ts';
import { BY_PERSON } from '../world/world.ts';
import { type Account, domainOf } from './account.ts';
import type { Json } from './reply.ts';

/** What people do to an account while somebody else reads it. Field names and ids are the world's, see sandbox/world/types.ts. */
export interface SandboxEdits {
  set(kind: RecordKind, id: string, fields: Readonly<Record<string, string>>): void;
  create(kind: RecordKind, fields: Readonly<Record<string, string>>): string;
  /** Deleted in Pipedrive's words: listed as such for 30 days. */
  archive(kind: RecordKind, id: string): void;
  restore(kind: RecordKind, id: string): void;
  purge(kind: RecordKind, id: string): void;
  merge(kind: RecordKind, winnerId: string, loserId: string): void;
  link(from: RecordRef, to: RecordRef, primary?: boolean): void;
  unlink(from: RecordRef, to: RecordRef): void;
  deactivateOwner(ownerId: string): void;
  removeStage(stageId: string): void;
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
  const now = (): Stamp => ({ atMs: clock.nowMs(), source: BY_PERSON });
  const touch = (dealId: string) => world.edit('deal', dealId, {}, now());
  return {
    set: (kind, id, fields) => void world.edit(kind, id, fields, now()),
    create: (kind, fields) => world.create(kind, world.freeId(), fields, now()).id,
    archive: (kind, id) => world.archive(kind, id, now()),
    restore: (kind, id) => world.restore(kind, id, now()),
    purge: (kind, id) => world.purge(kind, id, now()),
    merge: (kind, winnerId, loserId) => void world.merge(kind, winnerId, loserId, now()),
    link: (from, to, primary) => world.link(from, to, now(), primary ?? false),
    unlink: (from, to) => world.unlink(from, to, now()),
    deactivateOwner: (ownerId) => world.setOwnerActive(ownerId, false, clock.nowMs()),
    removeStage: (stageId) => world.removeStage(stageId),
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
