import type { RecordKind, RecordRef, Stamp } from '../world/types.ts';
import { BY_PERSON, type World } from '../world/world.ts';
import type { SandboxClock } from './clock.ts';

/** What people do to an account while somebody else reads it. Field names and ids are the world's, see sandbox/world/types.ts. */
export interface WorldEdits {
  set(kind: RecordKind, id: string, fields: Readonly<Record<string, string>>): void;
  create(kind: RecordKind, fields: Readonly<Record<string, string>>): string;
  /** Into the recycle bin: "archived" in HubSpot's words, "deleted" in Pipedrive's. */
  archive(kind: RecordKind, id: string): void;
  restore(kind: RecordKind, id: string): void;
  purge(kind: RecordKind, id: string): void;
  merge(kind: RecordKind, winnerId: string, loserId: string): void;
  link(from: RecordRef, to: RecordRef, primary?: boolean): void;
  unlink(from: RecordRef, to: RecordRef): void;
  deactivateOwner(ownerId: string): void;
  removeStage(stageId: string): void;
}

/** At the sandbox's present time, by a person. */
export function worldEdits(world: World, clock: SandboxClock): WorldEdits {
  const now = (): Stamp => ({ atMs: clock.nowMs(), source: BY_PERSON });
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
  };
}
