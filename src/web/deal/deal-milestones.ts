/** The milestones of one deal: weight, what proves each of them and since when, what is still missing. */
import { fullDateText, listText, weightText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { evidenceRuleText, milestoneText } from '../../../templates/words.ts';
import type { EvidenceFact, MissingEvidence } from '../../core/milestones/evidence.ts';
import type { EvidenceRule, Milestone } from '../../core/milestones/milestone.ts';
import { milestoneIndexOf } from '../../core/milestones/milestone.ts';
import { dealTableHref } from '../href.ts';
import type { DealPageInput } from './deal-input.ts';

interface MilestoneRowView {
  readonly name: string;
  readonly weight: string;
  readonly state: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly proofs: readonly string[];
}

export interface DealMilestonesView {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly MilestoneRowView[];
  readonly csv: { readonly text: string; readonly href: string };
}

export function dealMilestonesView(input: DealPageInput): DealMilestonesView {
  const { locale, model } = input;
  return {
    title: translate(locale, 'dealpage.milestones'),
    columns: (['milestone', 'weight', 'state', 'proofs'] as const).map((key) =>
      translate(locale, `dealpage.column.${key}`),
    ),
    rows: model.milestones.map((milestone, index) => rowOf(milestone, index, input)),
    csv: {
      text: translate(locale, 'page.csv'),
      href: dealTableHref(input.file.deal.id, 'milestones', input),
    },
  };
}

function rowOf(milestone: Milestone, index: number, input: DealPageInput): MilestoneRowView {
  const { locale, model, evidence } = input;
  const facts = evidence.facts.filter((fact) => fact.milestone === milestone.key);
  const lapsed = evidence.lapsed.filter((fact) => fact.milestone === milestone.key);
  return {
    name: milestoneText(milestone.key, model.milestones, locale),
    weight: weightText(milestone.weightBps, locale),
    ...stateOf(milestone, index, facts.length > 0, input),
    proofs: [
      ...new Set([
        ...facts.map((fact) => factText(fact, milestone, input)),
        ...lapsed.map((fact) => lapsedText(fact, milestone, input)),
        ...neededTexts(milestone, facts.length > 0, input),
      ]),
    ],
  };
}

function stateOf(
  { key, optional }: Milestone,
  index: number,
  proven: boolean,
  { locale, line, model }: DealPageInput,
): Pick<MilestoneRowView, 'state' | 'tone'> {
  if (line === null || line.standing !== 'open')
    return { state: translate(locale, proven ? 'milestone.proven' : 'milestone.closed'), tone: 'plain' };
  const verified = milestoneIndexOf(model.milestones, line.verified);
  const declared = milestoneIndexOf(model.milestones, line.declared);
  if (key === line.verified) return { state: translate(locale, 'milestone.verified'), tone: 'good' };
  if (proven)
    return {
      state: translate(locale, index < verified ? 'milestone.proven' : 'milestone.ahead'),
      tone: index < verified ? 'good' : 'plain',
    };
  if (optional) return { state: translate(locale, 'milestone.optional'), tone: 'plain' };
  return index <= declared
    ? { state: translate(locale, 'milestone.unproven'), tone: 'bad' }
    : { state: translate(locale, 'milestone.later'), tone: 'plain' };
}

function factText(fact: EvidenceFact, milestone: Milestone, { locale }: DealPageInput): string {
  const rule = rulesText(fact, milestone, locale);
  const since = fullDateText(fact.since, locale);
  return fact.expiresOn === null
    ? translate(locale, 'milestone.fact', { rule, since })
    : translate(locale, 'milestone.fact_until', { rule, since, until: fullDateText(fact.expiresOn, locale) });
}

function lapsedText(fact: EvidenceFact, milestone: Milestone, { locale }: DealPageInput): string {
  return translate(locale, 'milestone.lapsed', {
    rule: rulesText(fact, milestone, locale),
    since: fullDateText(fact.since, locale),
    until: fact.expiresOn === null ? '' : fullDateText(fact.expiresOn, locale),
  });
}

/** The rule that a fact satisfies, in words. */
export function proofRuleText(
  fact: EvidenceFact,
  { milestones }: Pick<DealPageInput['model'], 'milestones'>,
  locale: DealPageInput['locale'],
): string {
  const milestone = milestones.find(({ key }) => key === fact.milestone);
  return milestone === undefined ? '' : rulesText(fact, milestone, locale);
}

/** A fact names the kind of its rule; a milestone may have several of a kind, any of which it may be. */
function rulesText({ rule }: EvidenceFact, milestone: Milestone, locale: DealPageInput['locale']): string {
  const rules = milestone.evidence.filter(({ kind }) => kind === rule);
  return listText(
    rules.map((one: EvidenceRule) => evidenceRuleText(one, locale)),
    locale,
    'or',
  );
}

function neededTexts(
  { key }: Milestone,
  proven: boolean,
  { locale, line }: DealPageInput,
): readonly string[] {
  const missing = line?.missing.find((gap: MissingEvidence) => gap.milestone === key);
  if (proven || missing === undefined || missing.rules.length === 0) return [];
  const rules = listText(
    missing.rules.map((rule) => evidenceRuleText(rule, locale)),
    locale,
    'or',
  );
  return [translate(locale, 'milestone.needed', { rules })];
}
