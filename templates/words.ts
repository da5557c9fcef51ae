/** Domain words in the reader's language. "Deal" is the CRM's own word: transaction on HubSpot in French, affaire on Pipedrive. */

import { VERBAL_COMMITMENT_PROPERTY } from '../src/core/milestones/default-model.ts';
import type { MissingEvidence } from '../src/core/milestones/evidence.ts';
import type { EvidenceRule, Locale } from '../src/core/milestones/milestone.ts';
import type { Period } from '../src/core/values/calendar.ts';
import type { CrmKind } from '../src/core/values/crm.ts';
import type { MilestoneKey } from '../src/core/values/ids.ts';
import { listText, monthText, monthYearText } from './format.ts';
import { translate } from './i18n/translate.ts';
import { visibleText } from './text.ts';

/** Properties in which a rep or a manager writes down a proof: jalon_evidence_<milestone>. */
const EVIDENCE_PREFIX = 'jalon_evidence_';

export const CRM_NAMES: Readonly<Record<CrmKind, string>> = { hubspot: 'HubSpot', pipedrive: 'Pipedrive' };

export interface MilestoneLabel {
  readonly key: MilestoneKey;
  readonly label: Readonly<Record<Locale, string>>;
}

export function dealWord(crm: CrmKind, locale: Locale, count = 2): string {
  return translate(locale, `deal.${crm}`, { count });
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "T2" for a subject, "T2 2026" for a title; a month or a year by its name. */
export function periodText(period: Period, locale: Locale, length: 'short' | 'long'): string {
  if (period.kind === 'year') return period.key;
  const [, weeks] = period.key.split('-P');
  if (weeks !== undefined) return weekMonthText(period, Number(weeks), locale, length);
  if (period.kind === 'month')
    return length === 'short' ? monthText(period.start, locale) : monthYearText(period.start, locale);
  const [year = '', quarter = ''] = period.key.split('-Q');
  return length === 'short'
    ? translate(locale, 'period.quarter', { number: quarter })
    : translate(locale, 'period.quarter_year', { number: quarter, year });
}

/** A month of a 4-4-5 year begins on a Monday, often of the month before: it goes by its number. */
function weekMonthText(period: Period, number: number, locale: Locale, length: 'short' | 'long'): string {
  const [year = ''] = period.key.split('-');
  return length === 'short'
    ? translate(locale, 'period.week_month', { number })
    : translate(locale, 'period.week_month_year', { number, year });
}

/** The key itself when the model of that week has no such milestone: better odd than hidden. */
export function milestoneText(
  key: MilestoneKey,
  milestones: readonly MilestoneLabel[],
  locale: Locale,
): string {
  const known = milestones.find((milestone) => milestone.key === key);
  return visibleText(known?.label[locale] ?? key);
}

/** What the customer still has to give, in one sentence; once all that is declared is proven, it is the next step and not a hole. */
export function missingEvidenceText(
  missing: MissingEvidence,
  declaredIsProven: boolean,
  milestones: readonly MilestoneLabel[],
  locale: Locale,
): string {
  const milestone = milestoneText(missing.milestone, milestones, locale);
  if (missing.rules.length === 0) return translate(locale, 'proof.without_rule', { milestone });
  const rules = listText(
    missing.rules.map((rule) => evidenceRuleText(rule, locale)),
    locale,
    'or',
  );
  const plain = declaredIsProven ? 'proof.next' : 'proof.missing';
  return translate(locale, missing.expired ? 'proof.expired' : plain, { milestone, rules });
}

/** What a rule asks for, as the middle of a sentence: "a signed quote". */
export function evidenceRuleText(rule: EvidenceRule, locale: Locale): string {
  switch (rule.kind) {
    case 'property_filled':
      return propertyText(rule.property, locale);
    case 'activity_with_customer':
      return translate(locale, 'evidence.activity_with_customer', {
        count: rule.atLeast,
        activities: listText(
          rule.activities.map((kind) => translate(locale, `activity.${kind}`)),
          locale,
          'or',
        ),
      });
    case 'contact_role':
      return translate(locale, 'evidence.contact_role', {
        roles: listText([...new Set(rule.roles.map((role) => roleText(role, locale)))], locale, 'or'),
      });
    default:
      return translate(locale, `evidence.${rule.kind}`);
  }
}

/** What CRMs call the roles of a contact (HubSpot's `hs_buying_role`, and what people write in Pipedrive), without case and accents. */
const ROLES = {
  decision_maker: 'decision_maker',
  decideur: 'decision_maker',
  budget_holder: 'budget_holder',
  executive_sponsor: 'executive_sponsor',
  champion: 'champion',
  influencer: 'influencer',
  end_user: 'end_user',
  legal_and_compliance: 'legal_and_compliance',
  blocker: 'blocker',
  other: 'other',
} as const satisfies Readonly<Record<string, string>>;

/** A code of the CRM as people say it, once per meaning; what nobody translated stays as the admin wrote it. */
function roleText(role: string, locale: Locale): string {
  const plain = role
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(ROLES, plain)
    ? translate(locale, `role.${ROLES[plain as keyof typeof ROLES]}`)
    : visibleText(role);
}

/** The proofs of which any one would do: "Needed: a signed quote or your confirmation." */
export function proofListText({ rules }: MissingEvidence, locale: Locale): string | null {
  if (rules.length === 0) return null;
  const list = listText([...new Set(rules.map((rule) => evidenceRuleText(rule, locale)))], locale, 'or');
  return translate(locale, 'proof.list', { rules: list });
}

/** Our own properties by what they mean, the customer's by their name in the CRM. */
function propertyText(property: string, locale: Locale): string {
  if (property === VERBAL_COMMITMENT_PROPERTY) return translate(locale, 'evidence.verbal_date');
  if (property.startsWith(EVIDENCE_PREFIX)) return translate(locale, 'evidence.written');
  return translate(locale, 'evidence.property_filled', { property: visibleText(property) });
}
