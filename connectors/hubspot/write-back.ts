/**
 * Net amounts and their companions, written 100 deals a call. Every deal asked gets one outcome: what HubSpot says of it, "gone" when it
 * says nothing, "uncertain" when the reply never came. A batch refused as a whole is halved until the bad deals stand alone.
 */
import type * as z from 'zod';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey } from '../../src/core/write-back/write-back.ts';
import type { PresentProperties, WriteOutcome, WriteRefusal } from '../../src/ports/connector.ts';
import { LostReply } from '../setback.ts';
import type { HubspotApi, UpdateInput } from './api.ts';
import { type HubspotProblem, HubspotRefusal, refusalOf } from './errors.ts';
import { type BatchReply, rowSchema } from './schema.ts';
import { instantFromText } from './text-dates.ts';

/** HubSpot's cap. */
const WRITE_BATCH = 100;
/** Side by side within the rate limits: a call takes HubSpot about a second, whatever the number of deals in it. */
const BATCHES_AT_ONCE = 4;
export const WRITES_AT_ONCE = WRITE_BATCH * BATCHES_AT_ONCE;
const READ_BATCH = 100;

/** Everything Jalon may write. What people fill in (evidence) and what the sale is made of (stage, amount, close date) is not ours. */
const WRITABLE: ReadonlySet<string> = new Set<PropertyKey>([
  'jalon_milestone',
  'jalon_weight',
  'jalon_net_amount',
  'jalon_milestone_since',
  'jalon_missing_evidence',
  'jalon_pace',
  'jalon_realistic_close',
]);

/** After this many batches without a reply in one round the rest is not tried: something is broken, and each would wait as long. */
const MANY_LOST = 2;

/**
 * Throws for a property that is not ours to write, before any call: that is a bug, not a refusal. A round waits for all its calls also
 * when one of them failed: a write that arrives after the next run has begun would put an old value over a new one.
 */
export async function* writeDeals(
  api: HubspotApi,
  writes: readonly DealWrite[],
): AsyncGenerator<readonly WriteOutcome[], void, void> {
  const inputs = writes.map(inputOf);
  for (let start = 0; start < inputs.length; start += WRITES_AT_ONCE) {
    const batches = batchesOf(inputs.slice(start, start + WRITES_AT_ONCE));
    const answers = await Promise.allSettled(batches.map((batch) => writeWatched(api, batch)));
    const lost: LostReply[] = [];
    for (const answer of answers) {
      if (answer.status === 'rejected') continue;
      yield answer.value.map((outcome) => outcome.said);
      const error = answer.value.find((outcome) => outcome.lost !== null)?.lost;
      if (error) lost.push(error);
    }
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const isLast = start + WRITES_AT_ONCE >= inputs.length;
    if (lost.length >= MANY_LOST && !isLast) throw lost[0];
  }
}

/**
 * Our write gives the deal a modified time of ours, and the next reading leaves it out: a change by somebody else that came before it would
 * be left out too. So the modified times are read right before, for the store to compare with what it has read.
 */
async function writeWatched(api: HubspotApi, batch: readonly UpdateInput[]): Promise<readonly Settled[]> {
  const before = await modifiedTimes(
    api,
    batch.map(({ id }) => id),
  );
  const settled = await writeBatch(api, batch);
  return settled.map(({ said, lost }) => {
    if (said.kind !== 'written') return { said, lost };
    const seenBefore = before.get(said.dealId);
    return { said: seenBefore === undefined ? { ...said, modifiedAt: null } : { ...said, seenBefore }, lost };
  });
}

async function modifiedTimes(
  api: HubspotApi,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Temporal.Instant>> {
  const reply = await api.batchRead('deals', { ids, properties: ['hs_lastmodifieddate'] });
  return new Map(reply.results.flatMap(writtenRow));
}

function batchesOf(inputs: readonly UpdateInput[]): readonly (readonly UpdateInput[])[] {
  return Array.from({ length: Math.ceil(inputs.length / WRITE_BATCH) }, (_, at) =>
    inputs.slice(at * WRITE_BATCH, (at + 1) * WRITE_BATCH),
  );
}

function inputOf(write: DealWrite): UpdateInput {
  for (const key of write.values.keys()) {
    if (!WRITABLE.has(key)) throw new Error(`Jalon does not write ${key}`);
  }
  return { id: write.dealId, properties: Object.fromEntries(write.values) };
}

interface Settled {
  readonly said: WriteOutcome;
  readonly lost: LostReply | null;
}

async function writeBatch(api: HubspotApi, batch: readonly UpdateInput[]): Promise<readonly Settled[]> {
  try {
    return reconciled(batch, await api.batchUpdate('deals', batch));
  } catch (error) {
    if (error instanceof LostReply) {
      return batch.map(({ id }) => ({ said: { dealId: asId(id), kind: 'uncertain' }, lost: error }));
    }
    if (error instanceof HubspotRefusal) return isolated(api, batch, error);
    throw error;
  }
}

/** A fault of a property strikes every deal that carries it, so halving would only repeat it; any other fault is looked for by halves. */
async function isolated(
  api: HubspotApi,
  batch: readonly UpdateInput[],
  error: HubspotRefusal,
): Promise<readonly Settled[]> {
  const problems = problemsIn(error);
  const { code, message } = refusalOf(problems);
  if (batch.length === 1) return batch.map((input) => refused(input.id, code, message));
  const names = namedProperties(problems);
  const struck = batch.filter((input) => names.some((name) => name in input.properties));
  if (ACCOUNT_WIDE.has(code) && struck.length > 0) {
    const rest = batch.filter((input) => !struck.includes(input));
    const settled = struck.map((input) => refused(input.id, code, message));
    return rest.length === 0 ? settled : [...settled, ...(await writeBatch(api, rest))];
  }
  return halved(api, batch);
}

/** `batch` holds a bad deal. When its first half went through, the second half holds it: no call is spent on asking again. */
async function halved(api: HubspotApi, batch: readonly UpdateInput[]): Promise<readonly Settled[]> {
  const middle = Math.floor(batch.length / 2);
  const second = batch.slice(middle);
  const first = await writeBatch(api, batch.slice(0, middle));
  const clean = first.every((one) => one.said.kind === 'written');
  const rest = clean && second.length > 1 ? halved(api, second) : writeBatch(api, second);
  return [...first, ...(await rest)];
}

const ACCOUNT_WIDE: ReadonlySet<WriteRefusal> = new Set(['PROPERTY_MISSING', 'PROPERTY_READ_ONLY']);

function problemsIn(error: HubspotRefusal): readonly HubspotProblem[] {
  const { envelope } = error;
  return [...(envelope.errors ?? []), envelope];
}

function namedProperties(problems: readonly HubspotProblem[]): string[] {
  return problems.flatMap((problem) => {
    const names = problem.context?.['propertyName'];
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  });
}

/** Asked against answered: 207 names the refused, and a deal that is in neither list is gone. */
function reconciled(batch: readonly UpdateInput[], reply: BatchReply): readonly Settled[] {
  const written = new Map(reply.results.flatMap(writtenRow));
  const problems = new Map<string, HubspotProblem[]>();
  for (const row of reply.errors ?? []) {
    const facts: HubspotProblem[] = [...(row.errors ?? []), { message: row.message, category: row.category }];
    const ids = [...(row.context?.['objectWriteTraceId'] ?? []), ...(row.context?.['ids'] ?? [])];
    for (const id of new Set(ids)) problems.set(id, facts);
  }
  return batch.map(({ id }) => {
    const modifiedAt = written.get(id);
    if (modifiedAt !== undefined)
      return { said: { dealId: asId(id), kind: 'written', modifiedAt }, lost: null };
    const facts = problems.get(id);
    if (facts === undefined) return refused(id, 'DEAL_GONE', 'HubSpot did not answer for this deal');
    const { code, message } = refusalOf(facts);
    return refused(id, code, message);
  });
}

function refused(id: string, code: WriteRefusal, message: string): Settled {
  return { said: { dealId: asId(id), kind: 'refused', code, message }, lost: null };
}

function writtenRow(raw: unknown): [string, Temporal.Instant][] {
  const row = rowSchema.safeParse(raw);
  return row.success ? [[row.data.id, modifiedAtOf(row.data)]] : [];
}

/** The modified date that a later search will see, to the millisecond. */
function modifiedAtOf(row: z.infer<typeof rowSchema>): Temporal.Instant {
  const modified = instantFromText(row.properties['hs_lastmodifieddate'], 'UTC');
  return modified === null || modified === 'unreadable' ? row.updatedAt : modified.at;
}

/** Deals that are gone are absent; a property without value is "". */
export async function readBackDeals(
  api: HubspotApi,
  dealIds: readonly DealId[],
  keys: readonly PropertyKey[],
): Promise<ReadonlyMap<DealId, PresentProperties>> {
  const present = new Map<DealId, PresentProperties>();
  for (let start = 0; start < dealIds.length; start += READ_BATCH) {
    const reply = await api.batchRead('deals', {
      ids: dealIds.slice(start, start + READ_BATCH),
      properties: keys,
    });
    for (const raw of reply.results) {
      const row = rowSchema.safeParse(raw);
      if (!row.success) continue;
      const { id, properties } = row.data;
      const values = new Map(keys.map((key) => [key, properties[key] ?? '']));
      present.set(asId(id), { values, modifiedAt: modifiedAtOf(row.data) });
    }
  }
  return present;
}
