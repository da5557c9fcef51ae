import type { WorldRecord } from '../world/types.ts';
import type { Account } from './account.ts';

export type DealStatus = 'open' | 'won' | 'lost';

/** One change of stage or status. Pipedrive has no won or lost stage: such stages of the world become the deal's status. */
interface LifeChange {
  readonly field: 'stage_id' | 'status';
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

/** Where a deal stands, since when, and how it came there. Stage ids are the world's. */
export interface DealLife {
  readonly stageId: string;
  readonly status: DealStatus;
  readonly stageChangedAtMs: number | null;
  readonly wonAtMs: number | null;
  readonly lostAtMs: number | null;
  readonly changes: readonly LifeChange[];
}

/** Reads the world's stage versions as Pipedrive would have recorded them. Same instant, same order. */
export function lifeOf(account: Account, deal: WorldRecord): DealLife {
  const versions = account.world.history(deal, 'stage');
  const first = versions.find(({ value }) => outcomeOf(account, value) === null);
  const pipelineId = account.world.value(deal, 'pipeline');
  let stageId =
    versions[0] === first && first !== undefined ? first.value : account.firstOpenStage(pipelineId);
  let status: DealStatus = outcomeOf(account, versions[0]?.value ?? '') ?? 'open';
  let closedAtMs = status === 'open' ? null : deal.createdAtMs;
  let stageChangedAtMs: number | null = null;
  const changes: LifeChange[] = [];
  for (const { value, atMs } of versions.slice(1)) {
    const outcome = outcomeOf(account, value);
    const next: DealStatus = outcome ?? 'open';
    if (outcome === null && value !== stageId) {
      changes.push({ field: 'stage_id', from: stageId, to: value, atMs });
      stageId = value;
      stageChangedAtMs = atMs;
    }
    if (next !== status) {
      changes.push({ field: 'status', from: status, to: next, atMs });
      closedAtMs = next === 'open' ? null : atMs;
      status = next;
    }
  }
  const wonAtMs = status === 'won' ? closedAtMs : null;
  const lostAtMs = status === 'lost' ? closedAtMs : null;
  return { stageId, status, stageChangedAtMs, wonAtMs, lostAtMs, changes };
}

function outcomeOf(account: Account, stageId: string): 'won' | 'lost' | null {
  return account.world.stage(stageId)?.stage.outcome ?? null;
}
