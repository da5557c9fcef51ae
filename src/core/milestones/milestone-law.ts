/** The law of the method on a model: what an admin may not save, each with the reason to show. */
import type { MilestoneKey } from '../values/ids.ts';
import { err, ok, type Result } from '../values/result.ts';
import { MAX_WEIGHT_BPS, type Milestone, type MilestoneModel, SIGNED_KEY } from './milestone.ts';

/** Stable codes: each has a sentence in fr/en and a row in docs/errors.md. */
export type ModelErrorCode =
  | 'MODEL_EMPTY'
  | 'MODEL_COUNT'
  | 'MODEL_KEY_SHAPE'
  | 'MODEL_KEY_DUPLICATE'
  | 'MODEL_LABEL_EMPTY'
  | 'MODEL_WEIGHT_RANGE'
  | 'MODEL_WEIGHTS_FALL'
  | 'MODEL_NO_VERBAL'
  | 'MODEL_SEVERAL_VERBAL'
  | 'MODEL_VERBAL_NOT_ABOVE_HALF'
  | 'MODEL_BEFORE_VERBAL_ABOVE_HALF'
  | 'MODEL_VERBAL_OPTIONAL'
  | 'MODEL_TYPICAL_DAYS'
  | 'MODEL_EXPIRY_DAYS'
  | 'MODEL_RULE_BROKEN'
  | 'MODEL_MAPPING_UNKNOWN_KEY';

/** `subject` names the milestone or the stage at fault; `found` is the value refused, as text. */
export interface ModelError {
  readonly code: ModelErrorCode;
  readonly subject: string | null;
  readonly found: string | null;
}

/** Two at least, else nothing leads to the verbal commitment; more than eight no team remembers. */
const MIN_MILESTONES = 2;
const MAX_MILESTONES = 8;

const HALF_BPS = 5_000;

/** A key becomes part of a CRM property's name; `signed` is taken by the end of every model. */
const KEY_SHAPE = /^[a-z][a-z0-9_]{0,39}$/;

/** Ten years: beyond that a figure of days is a typing error. */
const MAX_DAYS = 3_650;

/** The model itself when it keeps the law; otherwise every breach found, in the order of the milestones. */
export function checkModel(model: MilestoneModel): Result<MilestoneModel, readonly ModelError[]> {
  const errors = [
    ...countErrors(model.milestones),
    ...keyErrors(model.milestones),
    ...model.milestones.flatMap(milestoneErrors),
    ...orderErrors(model.milestones),
    ...verbalErrors(model.milestones),
    ...mappingErrors(model),
  ];
  return errors.length === 0 ? ok(model) : err(errors);
}

function breach(code: ModelErrorCode, subject: string | null, found: string | number | null): ModelError {
  return { code, subject, found: found === null ? null : String(found) };
}

function countErrors(milestones: readonly Milestone[]): ModelError[] {
  if (milestones.length === 0) return [breach('MODEL_EMPTY', null, 0)];
  const within = milestones.length >= MIN_MILESTONES && milestones.length <= MAX_MILESTONES;
  return within ? [] : [breach('MODEL_COUNT', null, milestones.length)];
}

function keyErrors(milestones: readonly Milestone[]): ModelError[] {
  const seen = new Set<MilestoneKey>();
  return milestones.flatMap(({ key }) => {
    if (seen.has(key)) return [breach('MODEL_KEY_DUPLICATE', key, key)];
    seen.add(key);
    return KEY_SHAPE.test(key) && key !== SIGNED_KEY ? [] : [breach('MODEL_KEY_SHAPE', key, key)];
  });
}

function milestoneErrors(milestone: Milestone): ModelError[] {
  const { key, weightBps, typicalDays, evidenceExpiresAfterDays: expiry, label } = milestone;
  const errors: ModelError[] = [];
  if (label.fr.trim() === '' || label.en.trim() === '') errors.push(breach('MODEL_LABEL_EMPTY', key, null));
  if (!isWhole(weightBps, 0, MAX_WEIGHT_BPS)) errors.push(breach('MODEL_WEIGHT_RANGE', key, weightBps));
  if (!isWhole(typicalDays, 0, MAX_DAYS)) errors.push(breach('MODEL_TYPICAL_DAYS', key, typicalDays));
  if (expiry !== null && !isWhole(expiry, 1, MAX_DAYS)) errors.push(breach('MODEL_EXPIRY_DAYS', key, expiry));
  return [...errors, ...ruleErrors(milestone)];
}

/** A rule that could never be met, or always would be. */
function ruleErrors({ key, evidence }: Milestone): ModelError[] {
  return evidence.flatMap((rule) => {
    const broken =
      (rule.kind === 'property_filled' && rule.property.trim() === '') ||
      (rule.kind === 'contact_role' && rule.roles.length === 0) ||
      (rule.kind === 'activity_with_customer' &&
        (rule.activities.length === 0 || !isWhole(rule.atLeast, 1, 100)));
    return broken ? [breach('MODEL_RULE_BROKEN', key, rule.kind)] : [];
  });
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function orderErrors(milestones: readonly Milestone[]): ModelError[] {
  return milestones.flatMap((milestone, index) => {
    const before = milestones[index - 1];
    return before !== undefined && milestone.weightBps < before.weightBps
      ? [breach('MODEL_WEIGHTS_FALL', milestone.key, milestone.weightBps)]
      : [];
  });
}

/** weight(verbal) > 50 % and the milestone before it <= 50 %: the verbal commitment is where a deal passes half. */
function verbalErrors(milestones: readonly Milestone[]): ModelError[] {
  const verbals = milestones.filter((milestone) => milestone.verbal);
  const [verbal, second] = verbals;
  if (verbal === undefined) return [breach('MODEL_NO_VERBAL', null, null)];
  if (second !== undefined) return [breach('MODEL_SEVERAL_VERBAL', second.key, verbals.length)];
  const errors: ModelError[] = [];
  const before = milestones[milestones.indexOf(verbal) - 1];
  if (verbal.optional) errors.push(breach('MODEL_VERBAL_OPTIONAL', verbal.key, null));
  if (!(verbal.weightBps > HALF_BPS))
    errors.push(breach('MODEL_VERBAL_NOT_ABOVE_HALF', verbal.key, verbal.weightBps));
  if (before !== undefined && before.weightBps > HALF_BPS)
    errors.push(breach('MODEL_BEFORE_VERBAL_ABOVE_HALF', before.key, before.weightBps));
  return errors;
}

function mappingErrors(model: MilestoneModel): ModelError[] {
  const keys = new Set(model.milestones.map((milestone) => milestone.key));
  return Object.entries(model.mapping).flatMap(([stageId, meaning]) =>
    meaning.kind === 'milestone' && !keys.has(meaning.key)
      ? [breach('MODEL_MAPPING_UNKNOWN_KEY', stageId, meaning.key)]
      : [],
  );
}
