/** Our own deal properties in HubSpot: created once, verified ever after, never recreated behind the back of whoever removed one. */

import type { PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import type { PropertyProblem, PropertyReport } from '../../src/ports/connector.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import type { HubspotApi } from './api.ts';
import { HubspotRefusal } from './errors.ts';
import type { HubspotProperty } from './schema.ts';

const GROUP = { name: 'jalon', label: 'Jalon - milestone forecast' };

/** How each of our types looks in HubSpot. `showCurrencySymbol` prints the deal's currency; the value stays a plain number. */
const SHAPES: Readonly<Record<PropertySpec['type'], { readonly type: string; readonly fieldType: string }>> =
  {
    enumeration: { type: 'enumeration', fieldType: 'select' },
    number: { type: 'number', fieldType: 'number' },
    money: { type: 'number', fieldType: 'number' },
    date: { type: 'date', fieldType: 'date' },
    text: { type: 'string', fieldType: 'text' },
    textarea: { type: 'string', fieldType: 'textarea' },
  };

type Verdict =
  | { readonly state: 'created' | 'existing' }
  | { readonly state: 'unusable'; readonly problem: PropertyProblem };

/** One call when nothing is missing. */
export async function ensureHubspotProperties(
  api: HubspotApi,
  specs: readonly PropertySpec[],
  announce?: (missing: readonly PropertyKey[]) => Promise<void>,
): Promise<PropertyReport> {
  const living = byName(await api.dealProperties(false));
  const missing = specs.filter((spec) => !living.has(spec.key));
  const archived =
    missing.length === 0 ? new Set<string>() : new Set(byName(await api.dealProperties(true)).keys());
  const creatable = missing.filter((spec) => !archived.has(spec.key)).map(({ key }) => key);
  if (creatable.length > 0) await announce?.(creatable);
  const group = creatable.length > 0 ? await ensureGroup(api, living) : 'ready';
  const verdicts = new Map<PropertyKey, Verdict>();
  for (const spec of specs) {
    const found = living.get(spec.key);
    if (found !== undefined) verdicts.set(spec.key, await verified(api, spec, found));
    else if (archived.has(spec.key)) verdicts.set(spec.key, unusable('archived'));
    else verdicts.set(spec.key, group === 'ready' ? await created(api, spec) : unusable('not_permitted'));
  }
  return reportOf(verdicts);
}

function byName(properties: readonly HubspotProperty[]): Map<string, HubspotProperty> {
  return new Map(properties.map((property) => [property.name, property]));
}

async function ensureGroup(
  api: HubspotApi,
  living: ReadonlyMap<string, HubspotProperty>,
): Promise<'ready' | 'not_permitted'> {
  if ([...living.values()].some((property) => property.groupName === GROUP.name)) return 'ready';
  return await settled(api.createDealPropertyGroup(GROUP));
}

async function created(api: HubspotApi, spec: PropertySpec): Promise<Verdict> {
  const outcome = await settled(api.createDealProperty(definitionOf(spec)));
  if (outcome === 'ready') return { state: 'created' };
  return unusable(outcome);
}

/** 409: somebody, perhaps another process of ours, was faster. 403: the token may read properties and not make them. */
async function settled(creation: Promise<void>): Promise<'ready' | 'not_permitted'> {
  try {
    await creation;
    return 'ready';
  } catch (error) {
    if (error instanceof HubspotRefusal && error.status === 409) return 'ready';
    if (error instanceof ConnectorError && error.code === 'CRM_FORBIDDEN') return 'not_permitted';
    throw error;
  }
}

async function verified(api: HubspotApi, spec: PropertySpec, found: HubspotProperty): Promise<Verdict> {
  if (found.type !== SHAPES[spec.type].type) return unusable('wrong_type');
  if (found.calculated || found.modificationMetadata?.readOnlyValue) return unusable('read_only');
  const missing = (spec.options ?? []).filter(
    (option) => !found.options?.some((present) => present.value === option.value),
  );
  if (missing.length === 0) return { state: 'existing' };
  const kept = (found.options ?? []).map((option, at) => ({
    label: option.label,
    value: option.value,
    displayOrder: option.displayOrder ?? at,
    hidden: option.hidden ?? false,
  }));
  const added = missing.map((option, at) => optionOf(option, kept.length + at));
  const outcome = await settled(api.setDealPropertyOptions(spec.key, [...kept, ...added]));
  return outcome === 'ready' ? { state: 'existing' } : unusable(outcome);
}

/** HubSpot has one label per property, whatever the reader's language: both are shown. */
function bilingual(text: { readonly fr: string; readonly en: string }): string {
  return text.fr === text.en ? text.en : `${text.en} / ${text.fr}`;
}

function optionOf(option: NonNullable<PropertySpec['options']>[number], displayOrder: number) {
  return { value: option.value, label: bilingual(option.label), displayOrder, hidden: false };
}

function definitionOf(spec: PropertySpec): Record<string, unknown> {
  const definition = {
    name: spec.key,
    label: bilingual(spec.label),
    description: bilingual(spec.description),
    groupName: GROUP.name,
    formField: false,
    ...SHAPES[spec.type],
  };
  if (spec.type === 'money')
    return { ...definition, numberDisplayHint: 'currency', showCurrencySymbol: true };
  return spec.options === undefined ? definition : { ...definition, options: spec.options.map(optionOf) };
}

function unusable(problem: PropertyProblem): Verdict {
  return { state: 'unusable', problem };
}

function reportOf(verdicts: ReadonlyMap<PropertyKey, Verdict>): PropertyReport {
  const keysIn = (state: Verdict['state']) =>
    [...verdicts].filter(([, verdict]) => verdict.state === state).map(([key]) => key);
  return {
    created: keysIn('created'),
    existing: keysIn('existing'),
    unusable: [...verdicts].flatMap(([key, verdict]) =>
      verdict.state === 'unusable' ? [{ key, problem: verdict.problem }] : [],
    ),
  };
}
