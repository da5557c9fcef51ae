import { describe, expect, it } from 'vitest';
import { modelForDirectory } from '../../src/cli/prepare-company.ts';
import type { Directory, Stage } from '../../src/core/deals/deal.ts';
import { defaultModel } from '../../src/core/milestones/default-model.ts';
import type { StageMeaning } from '../../src/core/milestones/milestone.ts';
import { asId, type MilestoneKey } from '../../src/core/values/ids.ts';

const stage = (id: string, label: string, outcome: Stage['outcome'] = null): Stage => ({
  ...{ id: asId(id), label, order: 1, crmProbabilityBps: null, outcome, archived: false },
});

const directoryOf = (stages: readonly Stage[]): Directory => ({
  account: { externalId: '1', name: 'A', zone: 'UTC', currency: 'EUR' as Directory['account']['currency'] },
  pipelines: [{ id: asId('1'), label: 'Sales', stages }],
  owners: [],
  teams: [],
  rates: [],
});

const need: StageMeaning = { kind: 'milestone', key: asId<MilestoneKey>('need') };
const mapping = {
  'Need confirmed': need,
  'Closed won': { kind: 'won' },
  'Closed lost': { kind: 'lost' },
  Tender: { kind: 'keep' },
} as const;
const model = { ...defaultModel(), mapping };

describe('stage names of a company file', () => {
  it('for won and lost are not missing where a deal’s status says it, as in Pipedrive', () => {
    const stages = [
      stage('11', 'Need confirmed'),
      stage('status:won', 'Won', 'won'),
      stage('status:lost', 'Lost', 'lost'),
    ];
    const { model: found, unknownStages } = modelForDirectory(model, directoryOf(stages));
    expect(unknownStages).toEqual(['Tender']);
    expect(found.mapping).toEqual({
      '11': need,
      'status:won': { kind: 'won' },
      'status:lost': { kind: 'lost' },
    });
  });

  it('that a CRM with won and lost stages does not know are told, won and lost too', () => {
    const stages = [stage('a', 'Need confirmed'), stage('b', 'Signed', 'won')];
    const { unknownStages } = modelForDirectory(model, directoryOf(stages));
    expect(unknownStages).toEqual(['Closed won', 'Closed lost', 'Tender']);
  });
});
