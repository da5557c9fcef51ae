/** The text of `jalon_missing_evidence`: short and stable, because every change of it is a write to the CRM. */
import { evidenceProperty, VERBAL_COMMITMENT_PROPERTY } from './default-model.ts';
import type { MissingEvidence } from './evidence.ts';
import type { EvidenceRule, Locale, Milestone } from './milestone.ts';

/** Length of a text property that both CRMs accept, in UTF-16 units. */
const MAX_LENGTH = 255;

const RULE_NAMES: Readonly<Record<EvidenceRule['kind'], Readonly<Record<Locale, string>>>> = {
  stage_entered: { fr: 'étape du CRM atteinte', en: 'CRM stage reached' },
  property_filled: { fr: 'champ rempli', en: 'field filled in' },
  activity_with_customer: { fr: 'échange avec le client', en: 'exchange with the customer' },
  contact_role: { fr: 'contact avec le bon rôle', en: 'contact with the right role' },
  signed_quote: { fr: 'devis signé', en: 'signed quote' },
  manager_confirmation: { fr: 'confirmation du manager', en: 'manager’s confirmation' },
};

const WRITTEN_PROOF: Readonly<Record<Locale, string>> = { fr: 'preuve écrite', en: 'written evidence' };
const VERBAL_DATE: Readonly<Record<Locale, string>> = {
  fr: 'date de l’accord verbal',
  en: 'date of the verbal commitment',
};
const LAPSED: Readonly<Record<Locale, string>> = { fr: ' (expirée)', en: ' (expired)' };

/** "Need confirmed: written evidence / manager’s confirmation"; "" when nothing is missing. Names the first milestone only. */
export function missingEvidenceText(
  missing: readonly MissingEvidence[],
  milestones: readonly Milestone[],
  locale: Locale,
): string {
  const [first] = missing;
  const milestone = milestones.find(({ key }) => key === first?.milestone);
  if (first === undefined || milestone === undefined) return '';
  const rules = [...new Set(first.rules.map((rule) => ruleName(rule, milestone, locale)))].join(' / ');
  const colon = locale === 'fr' ? ' : ' : ': ';
  return shorten(`${milestone.label[locale]}${first.expired ? LAPSED[locale] : ''}${rules && colon + rules}`);
}

function ruleName(rule: EvidenceRule, { key }: Milestone, locale: Locale): string {
  if (rule.kind !== 'property_filled') return RULE_NAMES[rule.kind][locale];
  if (rule.property === evidenceProperty(key)) return WRITTEN_PROOF[locale];
  if (rule.property === VERBAL_COMMITMENT_PROPERTY) return VERBAL_DATE[locale];
  return `${RULE_NAMES.property_filled[locale]} (${rule.property})`;
}

/** Never in the middle of a surrogate pair. */
function shorten(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const kept = text.slice(0, MAX_LENGTH - 1);
  const lastUnit = kept.charCodeAt(kept.length - 1);
  return `${lastUnit >= 0xd800 && lastUnit <= 0xdbff ? kept.slice(0, -1) : kept}…`;
}
