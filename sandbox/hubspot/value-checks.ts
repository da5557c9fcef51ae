import type { ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { Definition } from './property-types.ts';
import type { Json } from './reply.ts';
import { instantMs } from './values.ts';

/** One value that HubSpot refuses, in the words of its 400. */
export interface ValueProblem {
  readonly name: string;
  readonly error: string;
  readonly message: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MAX_TEXT = 65_536;

/** "" clears any property; everything else must fit the definition. */
export function valueProblems(portal: Portal, type: ObjectType, properties: Json): readonly ValueProblem[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const problem = problemOf(portal, type, name, value);
    return problem === null ? [] : [problem];
  });
}

function problemOf(portal: Portal, type: ObjectType, name: string, value: unknown): ValueProblem | null {
  const definition = portal.properties.living(type.kind, name)?.definition;
  if (definition === undefined) {
    return { name, error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` };
  }
  if (definition.readOnlyValue) {
    return {
      name,
      error: 'READ_ONLY_VALUE',
      message: `"${name}" is a read only property; its value cannot be set.`,
    };
  }
  if (typeof value !== 'string') return { name, error: 'INVALID_TYPE', message: `${name} must be a string` };
  return value === '' ? null : misfit(portal, definition, value);
}

function misfit(portal: Portal, definition: Definition, value: string): ValueProblem | null {
  const { name } = definition;
  switch (definition.type) {
    case 'number':
      return NUMBER.test(value)
        ? null
        : { name, error: 'INVALID_DOUBLE', message: `${value} was not a valid number.` };
    case 'date':
      return isDay(value) ? null : { name, error: 'INVALID_DATE', message: `${value} was not a valid date.` };
    case 'datetime':
      return instantMs(value) !== null
        ? null
        : { name, error: 'INVALID_LONG', message: `${value} was not a valid long.` };
    case 'bool':
      return ['true', 'false'].includes(value)
        ? null
        : { name, error: 'INVALID_BOOLEAN', message: `${value} was not a valid boolean.` };
    case 'enumeration':
      return badOption(portal, definition, value);
    case 'string':
      return value.length <= MAX_TEXT
        ? null
        : {
            name,
            error: 'INVALID_STRING_LENGTH',
            message: `Property values may be at most ${MAX_TEXT} characters long.`,
          };
  }
}

/** A day, or the epoch milliseconds of a midnight in UTC. */
function isDay(value: string): boolean {
  const ms = instantMs(value);
  return ms !== null && (DAY.test(value) || ms % 86_400_000 === 0);
}

function badOption(portal: Portal, definition: Definition, value: string): ValueProblem | null {
  const allowed = allowedValues(portal, definition);
  const wrong = value.split(';').find((part) => !allowed.includes(part));
  if (wrong === undefined || allowed.length === 0) return null;
  return {
    name: definition.name,
    error: 'INVALID_OPTION',
    message: `${wrong} was not one of the allowed options: [${allowed.join(', ')}]`,
  };
}

/** Options of an enumeration; those of the account's own lists are read from the account. Empty: anything goes. */
export function allowedValues(portal: Portal, definition: Definition): readonly string[] {
  const { world } = portal;
  switch (definition.name) {
    case 'dealstage':
      return world.pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => stage.id));
    case 'pipeline':
      return world.pipelines.map((pipeline) => pipeline.id);
    case 'deal_currency_code':
      return [world.account.currency, ...world.account.extraCurrencies.map((rate) => rate.currency)];
    case 'hubspot_owner_id':
      return world.owners.map((owner) => owner.id);
    default:
      return definition.options.map((option) => option.value);
  }
}

/** The message that carries its facts as JSON inside a sentence, exactly as HubSpot builds it. */
export function problemsMessage(problems: readonly ValueProblem[]): string {
  const facts = problems.map((problem) => ({
    isValid: false,
    message: problem.message,
    error: problem.error,
    name: problem.name,
    localizedErrorMessage: problem.message,
  }));
  return `Property values were not valid: ${JSON.stringify(facts)}`;
}

export function problemErrors(problems: readonly ValueProblem[]): readonly Json[] {
  return problems.map((problem) => ({
    message: problem.message,
    code: problem.error,
    context: { propertyName: [problem.name] },
  }));
}
