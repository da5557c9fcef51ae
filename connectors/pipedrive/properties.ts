/** Our own deal fields: found, or created once with the right type; what cannot be used is reported and left as it is. */
import type { PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import type { PropertyProblem, PropertyReport } from '../../src/ports/connector.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { LostReply } from '../transport.ts';
import type { PipedriveApi } from './api.ts';
import { PipedriveRefusal } from './errors.ts';
import { findField, fits, markOf, optionFor, typeFor } from './fields.ts';
import type { PipedriveField } from './schema.ts';

/** A field of ours as the account has it, with what its values mean. */
export interface OwnField {
  readonly spec: PropertySpec;
  readonly field: PipedriveField;
}

export interface OwnFields {
  readonly report: PropertyReport;
  readonly usable: ReadonlyMap<PropertyKey, OwnField>;
}

/** `fields` as listed just now. One call per missing field or per field that lacks options; none when all is there. */
export async function prepareFields(
  api: PipedriveApi,
  specs: readonly PropertySpec[],
  locale: 'fr' | 'en',
  logger: Logger,
  announce?: (missing: readonly PropertyKey[]) => Promise<void>,
): Promise<OwnFields> {
  const fields = await api.dealFields();
  const missing = specs.filter((spec) => findOwn(fields, spec) === null).map(({ key }) => key);
  if (missing.length > 0) await announce?.(missing);
  const created: PropertyKey[] = [];
  const existing: PropertyKey[] = [];
  const unusable: { key: PropertyKey; problem: PropertyProblem }[] = [];
  const usable = new Map<PropertyKey, OwnField>();
  for (const spec of specs) {
    const found = findOwn(fields, spec);
    const made =
      found === null ? await createField(api, spec, locale) : await completeOptions(api, found, spec, locale);
    if (typeof made === 'string') {
      unusable.push({ key: spec.key, problem: made });
      logger.warn('deal field cannot be used', { property: spec.key, problem: made });
      continue;
    }
    (found === null ? created : existing).push(spec.key);
    usable.set(spec.key, { spec, field: made });
  }
  return { report: { created, existing, unusable }, usable };
}

function findOwn(fields: readonly PipedriveField[], spec: PropertySpec): PipedriveField | null {
  return findField(fields, spec.key, [spec.label.en, spec.label.fr], (field) => fits(field, spec));
}

type Made = PipedriveField | PropertyProblem;

/** No idempotency key: when the answer is lost, the list tells whether the field was made. */
async function createField(api: PipedriveApi, spec: PropertySpec, locale: 'fr' | 'en'): Promise<Made> {
  const wanted = {
    name: spec.label[locale],
    type: typeFor(spec),
    description: `${spec.description[locale]} ${markOf(spec.key)}`,
    labels: (spec.options ?? []).map((option) => option.label[locale]),
  };
  try {
    return await api.createDealField(wanted);
  } catch (error) {
    if (error instanceof PipedriveRefusal && error.planCap !== null) return 'not_permitted';
    const arrived = error instanceof LostReply ? findOwn(await api.dealFields(), spec) : null;
    if (arrived === null) throw error;
    return arrived;
  }
}

/** An option that a new milestone brings, or that somebody removed, is added; those of others stay. */
async function completeOptions(
  api: PipedriveApi,
  field: PipedriveField,
  spec: PropertySpec,
  locale: 'fr' | 'en',
): Promise<Made> {
  if (!fits(field, spec)) return 'wrong_type';
  const lacking = (spec.options ?? []).filter((option) => optionFor(field, option) === null);
  if (lacking.length === 0) return field;
  await api.addDealFieldOptions(
    field.field_code,
    lacking.map((option) => option.label[locale]),
  );
  return findOwn(await api.dealFields(), spec) ?? 'missing';
}
