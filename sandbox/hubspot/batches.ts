import type { WorldRecord } from '../world/types.ts';
import { rowError, validationError } from './errors.ts';
import type { ObjectType } from './object-types.ts';
import { applyProperties } from './object-writes.ts';
import type { Portal } from './portal.ts';
import { recordView } from './record-view.ts';
import { type Call, isJson, iso, type Json, type Reply, reply, stringList } from './reply.ts';
import { problemErrors, problemsMessage, type ValueProblem, valueProblems } from './value-checks.ts';

const MAX_INPUTS = 100;
const MAX_INPUTS_WITH_HISTORY = 50;

function inputsOf(call: Call): readonly Json[] {
  const inputs = isJson(call.body) ? call.body['inputs'] : undefined;
  return Array.isArray(inputs) ? inputs.filter(isJson) : [];
}

function refuseInputs(inputs: readonly Json[], most: number, message: string): Reply | null {
  if (inputs.length === 0) return validationError('inputs must not be empty');
  if (inputs.length > most) return validationError(message);
  const ids = inputs.map((input) => String(input['id']));
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length === 0) return null;
  return validationError(`Duplicate IDs found in batch input: [${twice.join(', ')}]. IDs must be unique`, {
    context: { ids: twice },
  });
}

/** A batch's frame: 200 when all went well, 207 with the count of errors when some did not. */
function batchReply(
  portal: Portal,
  results: readonly Json[],
  errors: readonly Json[],
  missing: number,
): Reply {
  const at = iso(portal.clock.nowMs());
  const frame = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  if (errors.length === 0) return reply(200, frame);
  return reply(207, { ...frame, numErrors: Math.max(missing, errors.length), errors });
}

/** POST .../batch/read. Ids that do not exist, are archived or were merged away are only in the errors of the 207. */
export function batchRead(portal: Portal, type: ObjectType, call: Call): Reply {
  const body = isJson(call.body) ? call.body : {};
  const history = stringList(body['propertiesWithHistory']);
  const inputs = inputsOf(call);
  const refusal =
    history.length > 0
      ? refuseInputs(
          inputs,
          MAX_INPUTS_WITH_HISTORY,
          `The maximum number of inputs supported in a batch request for property histories is ${MAX_INPUTS_WITH_HISTORY}. Please reduce the number of items and try again`,
        )
      : refuseInputs(inputs, MAX_INPUTS, tooMany(type));
  if (refusal !== null) return refusal;
  const archived = call.query.get('archived') === 'true';
  const view = { properties: stringList(body['properties']), history, associations: [] };
  const found: WorldRecord[] = [];
  const missing: string[] = [];
  for (const input of inputs) {
    const record = portal.world.get(type.kind, String(input['id']));
    if (record === undefined || (record.archivedAtMs !== null) !== archived)
      missing.push(String(input['id']));
    else found.push(record);
  }
  const errors = missing.length === 0 ? [] : [goneError(type, missing)];
  return batchReply(
    portal,
    found.map((record) => recordView(portal, record, view)),
    errors,
    missing.length,
  );
}

function tooMany(type: ObjectType): string {
  return `The batch of ${type.singular} inputs cannot be larger than ${MAX_INPUTS}`;
}

function goneError(type: ObjectType, ids: readonly string[], trace: readonly string[] = []): Json {
  return rowError({
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${type.singular} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids, ...(trace.length > 0 && { objectWriteTraceId: trace }) },
  });
}

interface UpdateInput {
  readonly id: string;
  readonly properties: Json;
  readonly trace: string | null;
  readonly problems: readonly ValueProblem[];
}

/**
 * POST .../batch/update. With a unique objectWriteTraceId on every input, bad values are refused one by one (207); without, or while the
 * board says so, one bad value refuses the whole batch (400) and nothing is written.
 */
export function batchUpdate(portal: Portal, type: ObjectType, call: Call): Reply {
  const raw = inputsOf(call);
  const refusal = refuseInputs(raw, MAX_INPUTS, tooMany(type));
  if (refusal !== null) return refusal;
  const inputs = raw.map((input) => updateInput(portal, type, input));
  const problems = inputs.flatMap((input) => input.problems);
  const rowByRow = traced(inputs) && !portal.faults.holds('bad_value_refuses_batch');
  if (problems.length > 0 && !rowByRow) {
    return validationError(problemsMessage(problems), { errors: problemErrors(problems) });
  }
  const results: Json[] = [];
  const errors: Json[] = [];
  for (const input of inputs) {
    const record = portal.world.get(type.kind, input.id);
    if (record === undefined || record.archivedAtMs !== null) {
      errors.push(goneError(type, [input.id], input.trace === null ? [] : [input.trace]));
    } else if (input.problems.length > 0) {
      errors.push(refusedRow(input));
    } else {
      results.push(writtenRow(portal, record, input));
    }
  }
  return batchReply(portal, results, errors, errors.length);
}

function updateInput(portal: Portal, type: ObjectType, input: Json): UpdateInput {
  const id = String(input['id']);
  const properties = isJson(input['properties']) ? input['properties'] : {};
  const trace = input['objectWriteTraceId'];
  const refusedByRule = portal.faults.refusesRecord(id);
  return {
    id,
    properties,
    trace: typeof trace === 'string' ? trace : null,
    problems: refusedByRule
      ? [
          {
            name: Object.keys(properties)[0] ?? '',
            error: 'REQUIRED_FIELD',
            message: 'A rule of this account requires other properties to be set',
          },
        ]
      : valueProblems(portal, type, properties),
  };
}

function traced(inputs: readonly UpdateInput[]): boolean {
  const traces = new Set(inputs.map((input) => input.trace));
  return !traces.has(null) && traces.size === inputs.length;
}

function refusedRow(input: UpdateInput): Json {
  return rowError({
    category: 'VALIDATION_ERROR',
    message: problemsMessage(input.problems),
    context: { ids: [input.id], objectWriteTraceId: input.trace === null ? [] : [input.trace] },
    errors: problemErrors(input.problems),
  });
}

function writtenRow(portal: Portal, record: WorldRecord, input: UpdateInput): Json {
  const written = applyProperties(portal, record, input.properties);
  const view = recordView(portal, written, {
    properties: Object.keys(input.properties),
    history: [],
    associations: [],
  });
  return input.trace === null ? view : { ...view, objectWriteTraceId: input.trace };
}

/** POST .../batch/archive: 204, whatever the ids. */
export function batchArchive(portal: Portal, type: ObjectType, call: Call): Reply {
  for (const input of inputsOf(call)) {
    const record = portal.world.get(type.kind, String(input['id']));
    if (record !== undefined && record.archivedAtMs === null) {
      portal.world.archive(type.kind, record.id, {
        atMs: portal.clock.nowMs(),
        source: { kind: 'app', id: portal.appId },
      });
    }
  }
  return reply(204, null);
}
