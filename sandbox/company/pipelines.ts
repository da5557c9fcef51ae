import type { WorldPipeline, WorldStage } from '../world/types.ts';
import { MILESTONES, type MilestoneName, type Words } from './words.ts';

/** Stage ids as HubSpot gives them: words in the pipeline that came with the account, numbers in the one made later. */
export const STAGE_IDS = {
  fresh: {
    contact: 'appointmentscheduled',
    need: 'qualifiedtobuy',
    solution: 'presentationscheduled',
    verbal: 'contractsent',
    won: 'closedwon',
    lost: 'closedlost',
    hold: '1093750041',
    tender: '1093750042',
  },
  growth: {
    contact: '1093751001',
    need: '1093751002',
    solution: '1093751003',
    verbal: '1093751004',
    won: '1093751005',
    lost: '1093751006',
  },
} as const;

/** The CRM's own percentages, as sales teams leave them: higher than what history says. */
const PROBABILITIES: Readonly<Record<MilestoneName, string>> = {
  contact: '0.2',
  need: '0.4',
  solution: '0.6',
  verbal: '0.9',
};

export function companyPipelines(words: Words): readonly WorldPipeline[] {
  const stage = (id: string, label: string, probability: string, outcome: WorldStage['outcome']) => ({
    id,
    label,
    probability,
    outcome,
    archived: false,
  });
  const stagesOf = (ids: Readonly<Record<MilestoneName | 'won' | 'lost', string>>) => [
    ...MILESTONES.map((key) => stage(ids[key], words.stages[key], PROBABILITIES[key], null)),
    stage(ids.won, words.stages.won, '1.0', 'won'),
    stage(ids.lost, words.stages.lost, '0.0', 'lost'),
  ];
  const extra = [
    stage(STAGE_IDS.fresh.hold, words.stages.hold, '0.1', null),
    stage(STAGE_IDS.fresh.tender, words.stages.tender, '0.3', null),
  ];
  return [
    { id: 'default', label: words.pipelines.fresh, stages: [...stagesOf(STAGE_IDS.fresh), ...extra] },
    { id: '1093751', label: words.pipelines.growth, stages: stagesOf(STAGE_IDS.growth) },
  ].map((pipeline, order) => ({
    ...pipeline,
    order,
    archived: false,
    stages: pipeline.stages.map((one, at) => ({ ...one, order: at })),
  }));
}
