import type { SandboxClock } from '../shared/clock.ts';
import type { RecordKind, WorldOwner, WorldPipeline, WorldRecord, WorldStage } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { AcceptedWrite } from './accepted-write.ts';
import { FieldBook } from './fields.ts';
import { IdBook } from './ids.ts';
import type { Json } from './reply.ts';

/** Numbers below this are free for stages, pipelines and users: the account's records are numbered higher. */
const FIRST_STAGE = 11;
const FIRST_RECORD = 600_000_000_001;

/** A deleted deal can be listed for 30 days, then it is purged. */
export const DELETED_FOR_MS = 30 * 86_400_000;

interface OpenStage {
  readonly pipeline: WorldPipeline;
  readonly stage: WorldStage;
}

/** One world as a Pipedrive account: its integer ids, its custom fields, and what Pipedrive has that the world has not. */
export class Account {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly dealFields: FieldBook;
  readonly personFields: FieldBook;
  readonly stageIds = new IdBook(FIRST_STAGE);
  readonly pipelineIds = new IdBook(1);
  /** User 1 is the one whose token is used. */
  readonly userIds = new IdBook(101, [1]);
  readonly teamIds = new IdBook(1);
  private readonly recordIds = new Map<RecordKind, IdBook>();
  /** Deals out of sight but not deleted: a notion of Pipedrive alone. */
  readonly archivedAtMs = new Map<string, number>();
  /** Losers of merges and when: the world forgets them, Pipedrive lists them as deleted. */
  readonly merged = new Map<WorldRecord, number>();
  /** What a test makes of a record's JSON before it is sent: bad shapes that a healthy world cannot hold. */
  readonly bent = new Map<string, (json: Json) => Json>();
  domain: string;
  /** Every custom value that a PATCH has given. */
  readonly accepted: AcceptedWrite[] = [];

  constructor(world: World, clock: SandboxClock) {
    this.world = world;
    this.clock = clock;
    this.dealFields = new FieldBook(world, 'deal');
    this.personFields = new FieldBook(world, 'contact');
    this.domain = domainOf(world.account.name);
    for (const pipeline of world.pipelines) {
      this.pipelineIds.number(pipeline.id);
      for (const stage of pipeline.stages) this.stageIds.number(stage.id);
    }
    this.rememberMerged();
  }

  idOf(kind: RecordKind, id: string): number {
    return this.bookOf(kind).number(id);
  }

  worldId(kind: RecordKind, id: number): string {
    return this.bookOf(kind).text(id);
  }

  ownerOf(record: WorldRecord): WorldOwner | undefined {
    const id = this.world.value(record, 'owner');
    return this.world.owners.find((owner) => owner.id === id);
  }

  /** Every record has an owner in Pipedrive; one without is the importer's, user 1. */
  ownerNumber(record: WorldRecord): number {
    const id = this.world.value(record, 'owner');
    return id === null ? 1 : this.userIds.number(id);
  }

  openStage(stageId: string): OpenStage | undefined {
    const found = this.world.stage(stageId);
    return found === undefined || found.stage.outcome !== null ? undefined : found;
  }

  firstOpenStage(pipelineId: string | null): string {
    const pipeline = this.world.pipelines.find((candidate) => candidate.id === pipelineId);
    const open = [...(pipeline?.stages ?? [])].sort((a, b) => a.order - b.order);
    return open.find((stage) => stage.outcome === null)?.id ?? `${pipelineId ?? 'none'}/start`;
  }

  /** Bent JSON of a record, or the JSON itself. */
  bend(kind: RecordKind, id: string, json: Json): Json {
    return this.bent.get(`${kind}/${id}`)?.(json) ?? json;
  }

  private bookOf(kind: RecordKind): IdBook {
    const shared = kind === 'call' || kind === 'meeting' || kind === 'task' ? 'task' : kind;
    let book = this.recordIds.get(shared);
    if (book === undefined) {
      book = new IdBook(FIRST_RECORD);
      this.recordIds.set(shared, book);
    }
    return book;
  }

  private rememberMerged(): void {
    const known = new Map(this.world.list('deal').map((record) => [record.id, record]));
    this.world.onChange((change) => {
      if (change.record.kind !== 'deal') return;
      if (change.what === 'created') known.set(change.record.id, change.record);
      const lost = change.lostId === null ? undefined : known.get(change.lostId);
      if (change.what === 'merged' && lost !== undefined) this.merged.set(lost, change.atMs);
    });
  }
}

export function domainOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'company'
  );
}
