/** Texts of our own properties as a person reads them in the CRM: what it is, who writes it, by which formula. product.md's table. */
import type { Locale } from '../milestones/milestone.ts';

type Text = Readonly<Record<Locale, string>>;

interface PropertyText {
  readonly label: Text;
  readonly description: Text;
}

export const PROPERTY_TEXTS = {
  jalon_milestone: {
    label: { fr: 'Jalon de vente (vérifié)', en: 'Sales milestone (verified)' },
    description: {
      fr: 'Écrit par Jalon. Dernier jalon prouvé par le client, tous les précédents l’étant aussi.',
      en: 'Written by Jalon. Last milestone that the customer proved, all earlier ones being proven too.',
    },
  },
  jalon_weight: {
    label: { fr: 'Poids du jalon (%)', en: 'Milestone weight (%)' },
    description: {
      fr: 'Écrit par Jalon. Poids du jalon vérifié dans le modèle du manager ; 0 sans preuve.',
      en: 'Written by Jalon. Weight of the verified milestone in the manager’s model; 0 without proof.',
    },
  },
  jalon_net_amount: {
    label: { fr: 'Montant net (jalon)', en: 'Net amount (milestone)' },
    description: {
      fr: 'Écrit par Jalon. Montant × poids du jalon vérifié, dans sa propre devise.',
      en: 'Written by Jalon. Amount × weight of the verified milestone, in the currency of the deal.',
    },
  },
  jalon_milestone_since: {
    label: { fr: 'Jalon atteint le', en: 'Milestone reached on' },
    description: {
      fr: 'Écrit par Jalon. Jour où la dernière preuve nécessaire au jalon vérifié est arrivée.',
      en: 'Written by Jalon. Day on which the last proof that the verified milestone needs came.',
    },
  },
  jalon_missing_evidence: {
    label: { fr: 'Preuve manquante', en: 'Missing evidence' },
    description: {
      fr: 'Écrit par Jalon. Premier jalon à prouver, et ce qui le prouverait (une seule preuve suffit).',
      en: 'Written by Jalon. First milestone to prove, and what would prove it (any one is enough).',
    },
  },
  jalon_pace: {
    label: { fr: 'Rythme', en: 'Pace' },
    description: {
      fr: 'Écrit par Jalon. Bloqué : plus longtemps dans le jalon que trois quarts des ventes gagnées. Rapide : jalon précédent passé plus vite que trois quarts d’entre elles.',
      en: 'Written by Jalon. Stuck: longer in the milestone than three quarters of won deals. Fast: passed the milestone before sooner than three quarters of them.',
    },
  },
  jalon_realistic_close: {
    label: { fr: 'Signature réaliste', en: 'Realistic close' },
    description: {
      fr: 'Écrit par Jalon. Mois (premier jour) où la signature devient réaliste, au rythme des ventes passées.',
      en: 'Written by Jalon. Month (first day) in which a signature becomes realistic, at the pace of past deals.',
    },
  },
  jalon_verbal_commitment_on: {
    label: { fr: 'Accord verbal le', en: 'Verbal commitment on' },
    description: {
      fr: 'À remplir par le commercial ou le manager ; Jalon n’y écrit jamais. Jour où le client a dit oui.',
      en: 'Filled in by the rep or the manager; Jalon never writes here. Day on which the customer said yes.',
    },
  },
} as const satisfies Readonly<Record<string, PropertyText>>;

export function evidencePropertyText(label: Text): PropertyText {
  return {
    label: { fr: `Preuve : ${label.fr}`, en: `Evidence: ${label.en}` },
    description: {
      fr: 'À remplir par le commercial ou le manager ; Jalon n’y écrit jamais. Ce que le client a validé : quoi, qui, quand, où le lire.',
      en: 'Filled in by the rep or the manager; Jalon never writes here. What the customer validated: what, who, when, where to read it.',
    },
  };
}

export const SIGNED_LABEL: Text = { fr: 'Signature', en: 'Signed' };

export const PACE_LABELS = {
  on_track: { fr: 'Normal', en: 'On track' },
  stuck: { fr: 'Bloqué', en: 'Stuck' },
  fast: { fr: 'Rapide', en: 'Fast' },
} as const satisfies Readonly<Record<string, Text>>;
