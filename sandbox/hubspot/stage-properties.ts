import type { WorldRecord } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { calculated } from './property-shapes.ts';
import type { StandardProperty } from './property-types.ts';
import { iso } from './reply.ts';

/** What HubSpot derives from a deal's stage: closed or not, the stage's probability, and when each stage was entered and left. */
export function stageProperties(world: World): readonly StandardProperty[] {
  const stages = world.pipelines.flatMap((pipeline) => pipeline.stages);
  return [
    calculated('hs_is_closed', 'Is Deal Closed?', 'bool', (deal) => String(outcome(deal, world) !== null)),
    calculated('hs_is_closed_won', 'Is Closed Won', 'bool', (deal) => String(outcome(deal, world) === 'won')),
    calculated('hs_is_closed_lost', 'Is Closed Lost', 'bool', (deal) =>
      String(outcome(deal, world) === 'lost'),
    ),
    calculated('hs_deal_stage_probability', 'Deal probability', 'number', (deal) => {
      return world.stage(world.value(deal, 'stage') ?? '')?.stage.probability ?? null;
    }),
    calculated('hs_v2_date_entered_current_stage', 'Date entered current stage', 'datetime', (deal) => {
      const last = world.history(deal, 'stage').at(-1);
      return last === undefined ? null : iso(last.atMs);
    }),
    ...stages.flatMap((stage) => entryAndExit(stage.id, stage.label, world)),
  ];
}

function outcome(deal: WorldRecord, world: World): 'won' | 'lost' | null {
  return world.stage(world.value(deal, 'stage') ?? '')?.stage.outcome ?? null;
}

/** Names are not to be built by readers: HubSpot turns characters into "_" and may add a number. */
function entryAndExit(stageId: string, label: string, world: World): readonly StandardProperty[] {
  const suffix = stageId.replace(/[^a-zA-Z0-9_]/g, '_').toLowerCase();
  return [
    calculated(`hs_v2_date_entered_${suffix}`, `Date entered "${label}"`, 'datetime', (deal) =>
      entered(deal, stageId, world),
    ),
    calculated(`hs_v2_date_exited_${suffix}`, `Date exited "${label}"`, 'datetime', (deal) =>
      exited(deal, stageId, world),
    ),
  ];
}

/** Latest entry. */
function entered(deal: WorldRecord, stageId: string, world: World): string | null {
  const entry = world.history(deal, 'stage').findLast((version) => version.value === stageId);
  return entry === undefined ? null : iso(entry.atMs);
}

function exited(deal: WorldRecord, stageId: string, world: World): string | null {
  const history = world.history(deal, 'stage');
  const at = history.findLastIndex((version) => version.value === stageId);
  const next = at < 0 ? undefined : history[at + 1];
  return next === undefined ? null : iso(next.atMs);
}
