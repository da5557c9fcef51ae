import { describe, expect, it } from 'vitest';
import { defaultModel } from '../../src/core/milestones/default-model.ts';
import { type Milestone, type MilestoneModel, meaningOf } from '../../src/core/milestones/milestone.ts';
import { checkModel } from '../../src/core/milestones/milestone-law.ts';
import { asId, type StageId } from '../../src/core/values/ids.ts';
import { evidenceModel, key } from '../support/deals.ts';

/** The default model with some milestones changed. */
function changed(changes: Readonly<Record<string, Partial<Milestone>>>): MilestoneModel {
  return evidenceModel((milestone) => ({ ...milestone, ...changes[milestone.key] }));
}

const codes = (model: MilestoneModel) => {
  const checked = checkModel(model);
  return checked.ok ? [] : checked.error.map((error) => error.code);
};

describe('a milestone model', () => {
  it('is accepted as delivered, mapped or not', () => {
    expect(checkModel(defaultModel()).ok).toBe(true);
    expect(checkModel(evidenceModel()).ok).toBe(true);
  });

  it('weighs first contact 10 %, need 25 %, solution 40 %, verbal commitment 60 % until a manager says otherwise', () => {
    expect(defaultModel().milestones.map(({ key: name, weightBps }) => [name, weightBps])).toEqual([
      ['contact', 1_000],
      ['need', 2_500],
      ['solution', 4_000],
      ['verbal', 6_000],
    ]);
  });

  it('lets the manager confirm every milestone by default', () => {
    for (const { evidence } of defaultModel().milestones)
      expect(evidence.map((rule) => rule.kind)).toContain('manager_confirmation');
  });

  it('is refused when its weights fall', () => {
    expect(checkModel(changed({ solution: { weightBps: 2_000 } }))).toEqual({
      ok: false,
      error: [{ code: 'MODEL_WEIGHTS_FALL', subject: 'solution', found: '2000' }],
    });
  });

  it('is refused without a verbal commitment, or with two', () => {
    expect(codes(changed({ verbal: { verbal: false } }))).toEqual(['MODEL_NO_VERBAL']);
    expect(codes(changed({ solution: { verbal: true } }))).toEqual(['MODEL_SEVERAL_VERBAL']);
  });

  it('is refused when the verbal commitment does not pass half, even by nothing', () => {
    expect(codes(changed({ verbal: { weightBps: 5_000 } }))).toEqual(['MODEL_VERBAL_NOT_ABOVE_HALF']);
    expect(codes(changed({ verbal: { weightBps: 5_001 } }))).toEqual([]);
  });

  it('is refused when the milestone before the verbal commitment is beyond half', () => {
    expect(codes(changed({ solution: { weightBps: 5_001 } }))).toEqual(['MODEL_BEFORE_VERBAL_ABOVE_HALF']);
    expect(codes(changed({ solution: { weightBps: 5_000 } }))).toEqual([]);
  });

  it('is refused when the verbal commitment may be passed over', () => {
    expect(codes(changed({ verbal: { optional: true } }))).toEqual(['MODEL_VERBAL_OPTIONAL']);
  });

  it.each([-1, 10_001, 2_500.5, Number.NaN])('is refused with the weight %d', (weightBps) => {
    expect(codes(changed({ need: { weightBps } }))).toContain('MODEL_WEIGHT_RANGE');
  });

  it('is refused with a number of days that cannot be', () => {
    expect(codes(changed({ need: { typicalDays: -1 } }))).toEqual(['MODEL_TYPICAL_DAYS']);
    expect(codes(changed({ need: { typicalDays: 1.5 } }))).toEqual(['MODEL_TYPICAL_DAYS']);
    expect(codes(changed({ need: { evidenceExpiresAfterDays: 0 } }))).toEqual(['MODEL_EXPIRY_DAYS']);
  });

  it('is refused with keys that a CRM property cannot carry, or that are taken', () => {
    expect(codes(changed({ need: { key: key('contact') } }))).toContain('MODEL_KEY_DUPLICATE');
    expect(codes(changed({ need: { key: key('Besoin confirmé') } }))).toContain('MODEL_KEY_SHAPE');
    expect(codes(changed({ need: { key: key('signed') } }))).toContain('MODEL_KEY_SHAPE');
  });

  it('is refused without a label in either language', () => {
    expect(codes(changed({ need: { label: { fr: ' ', en: 'Need' } } }))).toEqual(['MODEL_LABEL_EMPTY']);
  });

  it('is refused with a rule that nothing can meet', () => {
    expect(codes(changed({ need: { evidence: [{ kind: 'contact_role', roles: [] }] } }))).toEqual([
      'MODEL_RULE_BROKEN',
    ]);
  });

  it('is refused empty, with one milestone, or with nine', () => {
    const { milestones } = defaultModel();
    const nine = Array.from({ length: 9 }, (_, index) => ({
      ...milestones[0],
      key: key(`m${index}`),
    })) as Milestone[];
    expect(codes({ ...defaultModel(), milestones: [] })).toEqual(['MODEL_EMPTY', 'MODEL_NO_VERBAL']);
    expect(codes({ ...defaultModel(), milestones: milestones.slice(3) })).toEqual(['MODEL_COUNT']);
    expect(codes({ ...defaultModel(), milestones: nine })).toContain('MODEL_COUNT');
  });

  it('is refused when a stage means a milestone that is not there', () => {
    const model: MilestoneModel = {
      ...defaultModel(),
      mapping: { '77': { kind: 'milestone', key: key('demo') } },
    };
    expect(checkModel(model)).toEqual({
      ok: false,
      error: [{ code: 'MODEL_MAPPING_UNKNOWN_KEY', subject: '77', found: 'demo' }],
    });
  });

  it('names every breach at once', () => {
    expect(codes(changed({ need: { weightBps: 9_000 }, verbal: { verbal: false } }))).toEqual([
      'MODEL_WEIGHTS_FALL',
      'MODEL_NO_VERBAL',
    ]);
  });

  it('has no meaning for a stage outside its mapping, whatever the stage is called', () => {
    expect(meaningOf(evidenceModel(), asId<StageId>('s-won'))).toEqual({ kind: 'won' });
    expect(meaningOf(evidenceModel(), asId<StageId>('s-other'))).toBeNull();
    expect(meaningOf(evidenceModel(), asId<StageId>('toString'))).toBeNull();
  });
});
