/** The company file (YAML): what a company decided before there is a page to decide it on. Same form as the mapping.yaml of an event log. */
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import type { ExchangeRate } from '../core/deals/deal.ts';
import type { Manager, Target } from '../core/deals/manager.ts';
import type { EvidenceRule, Milestone, MilestoneModel, StageMeaning } from '../core/milestones/milestone.ts';
import { checkModel } from '../core/milestones/milestone-law.ts';
import { parseCurrency } from '../core/values/currency.ts';
import { asId, type ManagerId, type MilestoneKey, type PipelineId } from '../core/values/ids.ts';
import { parseMoney } from '../core/values/money.ts';
import { err, ok, type Result } from '../core/values/result.ts';
import type { CompanySettings } from '../ports/settings-store.ts';
import { type PipedriveBudget, pipedriveBudget } from './company-file-budget.ts';
import { type CompanyFileProblem, foundText, modelProblem, syntaxProblem } from './company-file-problems.ts';

/** Teams and owners are named as people know them; ids are looked up in the CRM's directory when it is read. */
export interface ManagerEntry extends Omit<Manager, 'teamIds' | 'ownerIds'> {
  readonly teamNames: readonly string[];
  readonly ownerEmails: readonly string[];
}

export interface CompanyFile {
  readonly name: string;
  readonly company: CompanySettings;
  readonly model: MilestoneModel;
  readonly managers: readonly ManagerEntry[];
  readonly targets: readonly Target[];
  readonly rates: readonly ExchangeRate[];
  readonly pipedriveBudget: PipedriveBudget | null;
}

const zone = z.string().refine(isZone, { error: 'IANA: Europe/Paris, America/Montreal' });
const currency = z.string().refine((code) => parseCurrency(code).ok, { error: 'ISO 4217: EUR, CHF, USD' });
const key = z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, { error: '[a-z0-9_]' });
const decimal = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,13}(\.\d+)?$/));
const day = z.string().refine(isDay, { error: 'YYYY-MM-DD' });
const activity = z.enum(['call', 'email', 'meeting', 'note', 'task']);

const evidence = z.union([
  z
    .enum(['stage_entered', 'signed_quote', 'manager_confirmation'])
    .transform((kind): EvidenceRule => ({ kind })),
  z
    .strictObject({ property_filled: z.string().min(1) })
    .transform((rule): EvidenceRule => ({ kind: 'property_filled', property: rule.property_filled })),
  z
    .strictObject({ contact_role: z.array(z.string()).min(1) })
    .transform((rule): EvidenceRule => ({ kind: 'contact_role', roles: rule.contact_role })),
  z
    .strictObject({ activity_with_customer: z.array(activity).min(1), at_least: z.int().min(1).default(1) })
    .transform(
      (rule): EvidenceRule => ({
        kind: 'activity_with_customer',
        activities: rule.activity_with_customer,
        atLeast: rule.at_least,
      }),
    ),
]);

const milestone = z.strictObject({
  key,
  label: z.strictObject({ fr: z.string().min(1), en: z.string().min(1) }),
  weight: z.number().min(0).max(100),
  typical_days: z.number().min(0).max(3650),
  verbal: z.boolean().default(false),
  optional: z.boolean().default(false),
  evidence: z.array(evidence).default([]),
  expires_after_days: z.int().min(1).nullable().default(null),
});

const file = z.strictObject({
  name: z.string().min(1),
  crm_label: z.string().optional(),
  admin: z.email().optional(),
  zone,
  currency,
  locale: z.enum(['fr', 'en']).default('en'),
  period: z.enum(['month', 'quarter', 'year']).default('quarter'),
  fiscal_start_month: z.int().min(1).max(12).default(1),
  calendar: z.enum(['months', '4-4-5']).default('months'),
  pipelines: z.array(z.unknown()).optional(),
  milestones: z.array(milestone).min(1),
  stages: z.record(z.string(), z.string()),
  write_back: z.enum(['plan_only', 'on']).default('plan_only'),
  excluded_pipelines: z.array(z.string()).default([]),
  pipedrive: pipedriveBudget.optional(),
  managers: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        email: z.email(),
        locale: z.enum(['fr', 'en']).optional(),
        zone: zone.optional(),
        teams: z.array(z.string()).default([]),
        owners: z.array(z.string()).default([]),
        digest: z.enum(['on', 'off']).default('on'),
        paused_until: day.nullable().default(null),
      }),
    )
    .default([]),
  targets: z
    .array(
      z.strictObject({
        period: z.string().regex(/^\d{4}(-Q[1-4]|-P\d{2}|-\d{2})?$/),
        amount: decimal,
        manager: z.email().optional(),
      }),
    )
    .default([]),
  rates: z
    .array(z.strictObject({ from: currency, to: currency, rate: decimal, effective_on: day }))
    .default([]),
});

type FileContent = z.output<typeof file>;

/** YAML text -> settings, or every problem found, each with its place. Messages in `locale`. */
export function parseCompanyFile(
  text: string,
  locale: 'fr' | 'en',
): Result<CompanyFile, readonly CompanyFileProblem[]> {
  const raw = readYaml(text, locale);
  if (!raw.ok) return raw;
  const parsed = file.safeParse(raw.value, { error: z.locales[locale]().localeError });
  if (!parsed.success) {
    return err(
      parsed.error.issues.map(({ path, message }) => ({
        code: 'COMPANY_FILE_VALUE',
        at: path.join('.') || '.',
        message: `${foundText(raw.value, path, locale)}${message}`,
      })),
    );
  }
  const model = checkModel(modelOf(parsed.data));
  if (!model.ok) return err(model.error.map((problem) => modelProblem(problem, locale)));
  return ok(settingsOf(parsed.data, model.value));
}

function readYaml(text: string, locale: 'fr' | 'en'): Result<unknown, readonly CompanyFileProblem[]> {
  try {
    return ok(parse(text));
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const { line = 0, col = 0 } = error.linePos?.[0] ?? {};
    return err([syntaxProblem(`${line}:${col}`, error.code, locale)]);
  }
}

function modelOf(content: FileContent): MilestoneModel {
  const milestones = content.milestones.map(
    (entry): Milestone => ({
      key: asId<MilestoneKey>(entry.key),
      label: entry.label,
      weightBps: Math.round(entry.weight * 100),
      typicalDays: entry.typical_days,
      verbal: entry.verbal,
      optional: entry.optional,
      evidence: entry.evidence,
      evidenceExpiresAfterDays: entry.expires_after_days,
    }),
  );
  const mapping = Object.fromEntries(
    Object.entries(content.stages).map(([stage, meaning]) => [stage, meaningOf(meaning)]),
  );
  return {
    version: 0,
    milestones,
    mapping,
    excludedPipelines: content.excluded_pipelines.map((id) => asId<PipelineId>(id)),
  };
}

function meaningOf(word: string): StageMeaning {
  return word === 'won' || word === 'lost' || word === 'keep'
    ? { kind: word }
    : { kind: 'milestone', key: asId<MilestoneKey>(word) };
}

function settingsOf(content: FileContent, model: MilestoneModel): CompanyFile {
  const code = currencyOf(content.currency);
  return {
    name: content.name,
    company: {
      zone: content.zone,
      currency: code,
      locale: content.locale,
      fiscalStartMonth: content.fiscal_start_month,
      periodKind: content.period,
      ...(content.calendar === 'months' ? {} : { calendar: content.calendar }),
      writeBack: content.write_back,
      ...(content.admin === undefined ? {} : { adminEmail: content.admin }),
    },
    model,
    pipedriveBudget: content.pipedrive ?? null,
    managers: content.managers.map((entry) => ({
      id: managerIdOf(entry.email),
      name: entry.name,
      email: entry.email,
      locale: entry.locale ?? content.locale,
      zone: entry.zone ?? content.zone,
      teamNames: entry.teams,
      ownerEmails: entry.owners,
      digest: entry.digest,
      digestPausedUntil: entry.paused_until === null ? null : Temporal.PlainDate.from(entry.paused_until),
    })),
    targets: content.targets.map((entry) => ({
      managerId: entry.manager === undefined ? null : managerIdOf(entry.manager),
      periodKey: entry.period,
      amountMinor: minorOf(entry.amount, code),
      currency: code,
    })),
    rates: content.rates.map((entry) => ({
      from: currencyOf(entry.from),
      to: currencyOf(entry.to),
      rate: entry.rate,
      effectiveOn: Temporal.PlainDate.from(entry.effective_on),
    })),
  };
}

/** A manager is known by the address that the file gives: the same address is the same person at every reading. */
function managerIdOf(email: string): ManagerId {
  return asId<ManagerId>(email.trim().toLowerCase());
}

/** The schema has checked both; a failure here is our bug. */
function currencyOf(text: string): CompanySettings['currency'] {
  const parsed = parseCurrency(text);
  if (!parsed.ok) throw new Error('currency passed the schema but not the parser');
  return parsed.value;
}

function minorOf(text: string, code: CompanySettings['currency']): bigint {
  const parsed = parseMoney(text, code);
  if (!parsed.ok) throw new Error('amount passed the schema but not the parser');
  return parsed.value.money.amountMinor;
}

function isZone(text: string): boolean {
  try {
    return (
      Temporal.ZonedDateTime.from({ year: 2026, month: 1, day: 1, timeZone: text }).timeZoneId.length > 0
    );
  } catch {
    return false;
  }
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
