import { stringify } from 'yaml';
import type { SeededCompany } from './company.ts';
import type { PlannedDeal } from './deal-life.ts';
import { LEFT_REP, REPS_PER_TEAM } from './people.ts';
import { STAGE_IDS } from './pipelines.ts';
import { ADVANCE, MEDIAN_DAYS } from './plan.ts';
import { MILESTONES } from './words.ts';

/** How far this quarter gets by the odds, of each team's target: together about seven tenths. */
const REACH = [0.62, 0.78, 0.7] as const;
/** What was signed in past quarters, of their targets, on average. */
const PAST_REACH = 0.9;
const PAST_QUARTERS = 5;

const LABELS = {
  contact: { fr: 'Premier contact', en: 'First contact' },
  need: { fr: 'Besoin confirmé', en: 'Need confirmed' },
  solution: { fr: 'Solution validée', en: 'Solution validated' },
  verbal: { fr: 'Accord verbal', en: 'Verbal commitment' },
} as const;

const MODEL = {
  contact: {
    weight: 10,
    typical_days: 14,
    evidence: [
      { property_filled: 'jalon_evidence_contact' },
      { activity_with_customer: ['email', 'call', 'meeting'], at_least: 1 },
    ],
  },
  need: {
    weight: 25,
    typical_days: 21,
    evidence: [{ property_filled: 'jalon_evidence_need' }, 'manager_confirmation'],
  },
  solution: {
    weight: 40,
    typical_days: 25,
    evidence: [{ property_filled: 'jalon_evidence_solution' }, 'manager_confirmation'],
  },
  verbal: {
    weight: 60,
    typical_days: 14,
    verbal: true,
    evidence: [
      { property_filled: 'jalon_verbal_commitment_on' },
      { property_filled: 'jalon_evidence_verbal' },
      'manager_confirmation',
    ],
    expires_after_days: 90,
  },
} as const;

/** The company file that belongs to a seeded company, as YAML: what its admin would have set in Jalon. */
export function companySettingsYaml(company: SeededCompany): string {
  const { script, home, abroad, rate, days } = company;
  const other = company.options.locale === 'fr' ? 'en' : 'fr';
  return stringify({
    name: script.account.name,
    crm_label: script.account.name,
    zone: script.account.zone,
    currency: home,
    locale: company.options.locale,
    period: 'quarter',
    fiscal_start_month: 1,
    milestones: MILESTONES.map((key) => ({ key, label: LABELS[key], ...MODEL[key] })),
    stages: stageMeanings(),
    managers: company.staff.managers.map((manager, at) => ({
      name: `${manager.firstName} ${manager.lastName}`,
      email: manager.email,
      locale: at === 2 ? other : company.options.locale,
      zone: script.account.zone,
      teams: [script.teams[at]?.name ?? ''],
      owners: [],
    })),
    targets: targetsOf(company),
    rates: [{ from: abroad, to: home, rate, effective_on: days.date(-600).toString() }],
    excluded_pipelines: [],
  });
}

/** The stage for public tenders is left out on purpose: its deals show as unmapped. */
function stageMeanings(): Record<string, string> {
  const meanings: Record<string, string> = {};
  for (const ids of [STAGE_IDS.fresh, STAGE_IDS.growth]) {
    for (const key of MILESTONES) meanings[ids[key]] = key;
    meanings[ids.won] = 'won';
    meanings[ids.lost] = 'lost';
  }
  meanings[STAGE_IDS.fresh.hold] = 'keep';
  return meanings;
}

interface TargetRow {
  readonly period: string;
  readonly amount: string;
  readonly manager?: string;
}

/**
 * Targets per team and for the company, of this quarter and of those before. This quarter's are set so that a sound forecast reaches about
 * 70 % of them; the past ones are all alike, as targets are, whatever was signed.
 */
function targetsOf(company: SeededCompany): readonly TargetRow[] {
  const { days } = company;
  const rows = targetRows(company, days.quarter(0), (team) => outlook(company, team) / (REACH[team] ?? 0.7));
  for (let back = 1, day = days.quarterStart(0) - 1; back <= PAST_QUARTERS; back += 1) {
    rows.push(...targetRows(company, days.quarter(day), (team) => usualQuarter(company, team) / PAST_REACH));
    day = days.quarterStart(day) - 1;
  }
  return rows;
}

function targetRows(company: SeededCompany, period: string, amountOf: (team: number) => number): TargetRow[] {
  const teams = company.staff.managers.map((manager, team) => ({
    period,
    amount: roundTarget(amountOf(team)),
    manager: manager.email,
  }));
  const whole = teams.reduce((sum, row) => sum + row.amount, 0);
  return [{ period, amount: String(whole) }, ...teams.map((row) => ({ ...row, amount: String(row.amount) }))];
}

function dealsOf(company: SeededCompany, team: number): readonly PlannedDeal[] {
  return company.deals.filter((deal) => teamOf(deal) === team && !('amount' in deal.plan.fields));
}

/** Signed so far in this quarter, and what the open deals may still bring before its end, in whole units of the account's currency. */
function outlook(company: SeededCompany, team: number): number {
  const { days } = company;
  const from = days.quarterStart(0);
  const left = days.date(from).add({ months: 3 });
  const horizon = days.date(0).until(left, { largestUnit: 'day' }).days;
  return dealsOf(company, team).reduce((sum, deal) => {
    const { end, createdDay } = deal.plan;
    if (createdDay >= 0) return sum;
    if (end !== null && end.day < 0)
      return end.kind === 'won' && end.day >= from ? sum + worth(company, deal) : sum;
    return sum + worth(company, deal) * chanceWithin(deal, horizon);
  }, 0);
}

/** Rough odds that an open deal is signed within `horizon` days: its chance to get through, times the share that is quick enough. */
function chanceWithin({ plan }: PlannedDeal, horizon: number): number {
  if (plan.silentFrom !== null && plan.silentFrom < 0) return 0;
  const now = plan.steps.filter((step) => step.day < 0 && step.proofAfter !== null).at(-1)?.milestone ?? 0;
  const through = ADVANCE.slice(now).reduce((product, rate) => product * rate, 1);
  const needed = MEDIAN_DAYS.slice(now).reduce((sum, median) => sum + median, 0);
  // These odds know nothing of deals that have grown old where they stand, which weighs most when little time is left.
  const caution = Math.min(1, 0.65 + 0.004 * horizon);
  return caution * through * (1 - 0.5 ** (horizon / needed));
}

/** Mean of what a team signed per quarter over the year and a quarter before. */
function usualQuarter(company: SeededCompany, team: number): number {
  const until = company.days.quarterStart(0);
  const from = until - 457;
  const won = dealsOf(company, team).filter(
    ({ plan }) => plan.end?.kind === 'won' && plan.end.day >= from && plan.end.day < until,
  );
  return won.reduce((sum, deal) => sum + worth(company, deal), 0) / PAST_QUARTERS;
}

function teamOf(deal: PlannedDeal): number {
  return deal.plan.rep === LEFT_REP ? 1 : Math.floor(deal.plan.rep / REPS_PER_TEAM);
}

function worth(company: SeededCompany, { plan }: PlannedDeal): number {
  const amount = plan.newAmount?.amount ?? plan.amount;
  return plan.foreign ? Math.round(amount * Number(company.rate)) : amount;
}

function roundTarget(amount: number): number {
  return Math.max(20_000, Math.round(amount / 5_000) * 5_000);
}
