/** Our own properties in the CRM, as a connector creates them. */
import { evidenceProperty, VERBAL_COMMITMENT_PROPERTY } from '../milestones/default-model.ts';
import { type MilestoneModel, SIGNED_KEY } from '../milestones/milestone.ts';
import { evidencePropertyText, PACE_LABELS, PROPERTY_TEXTS, SIGNED_LABEL } from './property-texts.ts';
import type { PropertySpec } from './write-back.ts';

/** In the order in which they read best on a deal. The group is `jalon`. */
export function propertySpecs(model: MilestoneModel): readonly PropertySpec[] {
  const milestones = model.milestones.map(({ key, label }) => ({ value: key, label }));
  const paces = Object.entries(PACE_LABELS).map(([value, label]) => ({ value, label }));
  return [
    spec('jalon_milestone', 'enumeration', [...milestones, { value: SIGNED_KEY, label: SIGNED_LABEL }]),
    spec('jalon_weight', 'number'),
    spec('jalon_net_amount', 'money'),
    spec('jalon_milestone_since', 'date'),
    spec('jalon_missing_evidence', 'text'),
    spec('jalon_pace', 'enumeration', paces),
    spec('jalon_realistic_close', 'date'),
    ...model.milestones.map(
      ({ key, label }): PropertySpec => ({
        key: evidenceProperty(key),
        type: 'textarea',
        ...evidencePropertyText(label),
      }),
    ),
    spec(VERBAL_COMMITMENT_PROPERTY, 'date'),
  ];
}

function spec(
  key: keyof typeof PROPERTY_TEXTS,
  type: PropertySpec['type'],
  options?: PropertySpec['options'],
): PropertySpec {
  return { key, type, ...PROPERTY_TEXTS[key], ...(options && { options }) };
}
