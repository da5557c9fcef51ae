import { asId, type MilestoneKey } from '../values/ids.ts';
import type { EvidenceRule, Milestone, MilestoneModel } from './milestone.ts';

/** A rep writes what the customer validated; one such property per milestone. */
export function evidenceProperty(key: MilestoneKey): `jalon_evidence_${string}` {
  return `jalon_evidence_${key}`;
}

export const VERBAL_COMMITMENT_PROPERTY = 'jalon_verbal_commitment_on';

/** Values of the CRM's buying role that mean "decides" (HubSpot's `hs_buying_role`, Pipedrive's usual labels in fr and en). */
const DECISION_MAKER_ROLES = [
  'DECISION_MAKER',
  'decision maker',
  'décideur',
  'BUDGET_HOLDER',
  'EXECUTIVE_SPONSOR',
];

/** The milestones of a company that has not yet changed anything; the mapping is empty: only the admin knows what the stages mean. */
export function defaultModel(): MilestoneModel {
  return { version: 1, milestones: defaultMilestones(), mapping: {}, excludedPipelines: [] };
}

function defaultMilestones(): readonly Milestone[] {
  return [
    milestone('contact', 'Premier contact', 'First contact', {
      weightBps: 1_000,
      typicalDays: 14,
      evidenceExpiresAfterDays: 365,
      rules: [{ kind: 'activity_with_customer', activities: ['call', 'email', 'meeting'], atLeast: 1 }],
    }),
    milestone('need', 'Besoin confirmé', 'Need confirmed', {
      weightBps: 2_500,
      typicalDays: 21,
      evidenceExpiresAfterDays: 365,
    }),
    milestone('solution', 'Solution validée', 'Solution validated', {
      weightBps: 4_000,
      typicalDays: 30,
      evidenceExpiresAfterDays: 270,
      rules: [{ kind: 'contact_role', roles: DECISION_MAKER_ROLES }],
    }),
    milestone('verbal', 'Accord verbal', 'Verbal commitment', {
      weightBps: 6_000,
      typicalDays: 21,
      evidenceExpiresAfterDays: 120,
      verbal: true,
      rules: [{ kind: 'property_filled', property: VERBAL_COMMITMENT_PROPERTY }, { kind: 'signed_quote' }],
    }),
  ];
}

interface MilestoneTraits {
  readonly weightBps: number;
  readonly typicalDays: number;
  readonly evidenceExpiresAfterDays: number;
  readonly verbal?: boolean;
  readonly rules?: readonly EvidenceRule[];
}

/** Every milestone can be proven in writing by the rep and by the manager's confirmation; `rules` come on top. */
function milestone(name: string, fr: string, en: string, traits: MilestoneTraits): Milestone {
  const key = asId<MilestoneKey>(name);
  return {
    key,
    label: { fr, en },
    weightBps: traits.weightBps,
    typicalDays: traits.typicalDays,
    verbal: traits.verbal ?? false,
    optional: false,
    evidence: [
      { kind: 'property_filled', property: evidenceProperty(key) },
      ...(traits.rules ?? []),
      { kind: 'manager_confirmation' },
    ],
    evidenceExpiresAfterDays: traits.evidenceExpiresAfterDays,
  };
}
