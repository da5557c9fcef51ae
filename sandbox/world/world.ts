import { Collection } from './collection.ts';
import { Links } from './links.ts';
import type {
  ChangeSource,
  CustomField,
  FieldVersion,
  Link,
  RecordKind,
  RecordRef,
  Stamp,
  WorldAccount,
  WorldChange,
  WorldOwner,
  WorldPipeline,
  WorldRecord,
  WorldSetup,
  WorldStage,
  WorldTeam,
} from './types.ts';
import { RECORD_KINDS } from './types.ts';

export const BY_PERSON: ChangeSource = { kind: 'person', id: '77001' };

/** First id given to a record that the world itself numbers: far above those of scripts, below 2^53 and above 2^31. */
const FIRST_FREE_ID = 700_000_000_001n;

/**
 * One CRM account in memory. All changes go through its methods, each with the moment and the author; whoever listens hears them in order.
 * It has no clock: the face that serves it decides what time it is.
 */
export class World {
  readonly account: WorldAccount;
  readonly customFields: readonly CustomField[];
  /** Nothing later than this is in the world when it is handed over. */
  readonly asOfMs: number;
  pipelines: readonly WorldPipeline[];
  teams: readonly WorldTeam[];
  owners: readonly WorldOwner[];
  private readonly records: ReadonlyMap<RecordKind, Collection>;
  private readonly links = new Links();
  /** Where an id that was merged away leads: "deal/12" -> "15". */
  private readonly mergedInto = new Map<string, string>();
  private readonly listeners = new Set<(change: WorldChange) => void>();
  private nextFreeId = FIRST_FREE_ID;

  constructor(setup: WorldSetup, asOfMs: number) {
    this.account = setup.account;
    this.customFields = setup.customFields;
    this.pipelines = setup.pipelines;
    this.teams = setup.teams;
    this.owners = setup.owners;
    this.asOfMs = asOfMs;
    this.records = new Map(RECORD_KINDS.map((kind) => [kind, new Collection()]));
  }

  /** Calls `listener` after each change; the returned function stops it. */
  onChange(listener: (change: WorldChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The record under exactly this id, archived or not. */
  get(kind: RecordKind, id: string): WorldRecord | undefined {
    return this.of(kind).get(id);
  }

  /** The record under this id or, when it was merged away, the one it was merged into. */
  resolve(kind: RecordKind, id: string): WorldRecord | undefined {
    let current = id;
    for (let next = this.mergedInto.get(`${kind}/${current}`); next !== undefined; ) {
      current = next;
      next = this.mergedInto.get(`${kind}/${current}`);
    }
    return this.get(kind, current);
  }

  /** All records of a kind, archived ones too, ascending by id. A live view: do not change it. */
  list(kind: RecordKind): readonly WorldRecord[] {
    return this.of(kind).sorted();
  }

  /** Present value of a field; null when it was never filled or was cleared. */
  value(record: WorldRecord, field: string): string | null {
    const value = record.fields.get(field)?.at(-1)?.value;
    return value === undefined || value === '' ? null : value;
  }

  history(record: WorldRecord, field: string): readonly FieldVersion[] {
    return record.fields.get(field) ?? [];
  }

  linked(from: RecordRef, kind: RecordKind): readonly Link[] {
    return this.links.of(from, kind);
  }

  stage(stageId: string): { readonly pipeline: WorldPipeline; readonly stage: WorldStage } | undefined {
    for (const pipeline of this.pipelines) {
      const stage = pipeline.stages.find((candidate) => candidate.id === stageId);
      if (stage !== undefined) return { pipeline, stage };
    }
    return undefined;
  }

  freeId(): string {
    const id = this.nextFreeId.toString();
    this.nextFreeId += 1n;
    return id;
  }

  create(kind: RecordKind, id: string, fields: Readonly<Record<string, string>>, stamp: Stamp): WorldRecord {
    const record: WorldRecord = {
      id,
      kind,
      createdAtMs: stamp.atMs,
      updatedAtMs: stamp.atMs,
      archivedAtMs: null,
      fields: new Map(),
      mergedIds: [],
    };
    for (const [field, value] of Object.entries(fields)) {
      if (value !== '') record.fields.set(field, [{ value, ...stamp }]);
    }
    this.of(kind).add(record);
    this.tell('created', record, stamp, Object.keys(fields));
    return record;
  }

  /** Gives fields new values. A value that is already there makes no new version, but the record counts as modified all the same. */
  edit(kind: RecordKind, id: string, fields: Readonly<Record<string, string>>, stamp: Stamp): WorldRecord {
    const record = this.must(kind, id);
    for (const [field, value] of Object.entries(fields)) appendVersion(record, field, value, stamp);
    record.updatedAtMs = Math.max(record.updatedAtMs, stamp.atMs);
    this.tell('edited', record, stamp, Object.keys(fields));
    return record;
  }

  /** Into the recycle bin. The time of the last change stays what it was, as at both vendors. */
  archive(kind: RecordKind, id: string, stamp: Stamp): void {
    const record = this.must(kind, id);
    record.archivedAtMs = stamp.atMs;
    this.tell('archived', record, stamp);
  }

  restore(kind: RecordKind, id: string, stamp: Stamp): void {
    const record = this.must(kind, id);
    record.archivedAtMs = null;
    record.updatedAtMs = Math.max(record.updatedAtMs, stamp.atMs);
    this.tell('restored', record, stamp);
  }

  /** Gone for good, without a trace in the recycle bin. */
  purge(kind: RecordKind, id: string, stamp: Stamp): void {
    const record = this.must(kind, id);
    for (const link of this.links.all({ kind, id })) this.links.remove({ kind, id }, link);
    this.of(kind).remove(id);
    this.tell('purged', record, stamp);
  }

  /** The winner keeps its values, takes those it lacks and all links of the loser, whose id from now on leads to the winner. */
  merge(kind: RecordKind, winnerId: string, loserId: string, stamp: Stamp): WorldRecord {
    const winner = this.must(kind, winnerId);
    const loser = this.must(kind, loserId);
    for (const [field, versions] of loser.fields) {
      const last = versions.at(-1);
      if (!winner.fields.has(field) && last !== undefined) appendVersion(winner, field, last.value, stamp);
    }
    for (const link of this.links.all(loser)) {
      this.links.remove(loser, link);
      this.links.add(winner, link, false);
    }
    winner.mergedIds.push(loserId, ...loser.mergedIds);
    winner.updatedAtMs = Math.max(winner.updatedAtMs, stamp.atMs);
    this.mergedInto.set(`${kind}/${loserId}`, winnerId);
    this.of(kind).remove(loserId);
    this.tell('merged', winner, stamp, [], loserId);
    return winner;
  }

  /** Links two records; neither counts as modified by it. */
  link(from: RecordRef, to: RecordRef, stamp: Stamp, primary = false): void {
    const record = this.must(from.kind, from.id);
    this.must(to.kind, to.id);
    if (this.links.add(from, to, primary)) this.tell('linked', record, stamp);
  }

  unlink(from: RecordRef, to: RecordRef, stamp: Stamp): void {
    const record = this.must(from.kind, from.id);
    if (this.links.remove(from, to)) this.tell('unlinked', record, stamp);
  }

  setOwnerActive(ownerId: string, active: boolean, atMs: number): void {
    this.owners = this.owners.map((owner) =>
      owner.id === ownerId ? { ...owner, active, updatedAtMs: atMs } : owner,
    );
  }

  /** The stage disappears from the pipeline; deals that stand in it stay where they are. */
  removeStage(stageId: string): void {
    this.pipelines = this.pipelines.map((pipeline) => ({
      ...pipeline,
      stages: pipeline.stages.filter((stage) => stage.id !== stageId),
    }));
  }

  private of(kind: RecordKind): Collection {
    const collection = this.records.get(kind);
    if (collection === undefined) throw new Error(`the world has no records of kind ${kind}`);
    return collection;
  }

  private must(kind: RecordKind, id: string): WorldRecord {
    const record = this.get(kind, id);
    if (record === undefined) throw new Error(`the world has no ${kind} ${id}`);
    return record;
  }

  private tell(
    what: WorldChange['what'],
    record: WorldRecord,
    stamp: Stamp,
    fields: readonly string[] = [],
    lostId: string | null = null,
  ): void {
    const change: WorldChange = { what, record, atMs: stamp.atMs, lostId, fields, source: stamp.source };
    for (const listener of this.listeners) listener(change);
  }
}

function appendVersion(record: WorldRecord, field: string, value: string, stamp: Stamp): void {
  const versions = record.fields.get(field);
  if (versions === undefined) {
    if (value !== '') record.fields.set(field, [{ value, ...stamp }]);
    return;
  }
  if (versions.at(-1)?.value !== value) versions.push({ value, ...stamp });
}
