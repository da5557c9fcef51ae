/**
 * One PATCH per changed deal (5 tokens), our keys only, inside `custom_fields`. Deals come in the order of the caller, the largest change
 * first; when our share of the day is used up the rest is postponed, and said to be.
 */
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey } from '../../src/core/write-back/write-back.ts';
import { ConnectorError, type PresentProperties, type WriteOutcome } from '../../src/ports/connector.ts';
import { LostReply } from '../transport.ts';
import { MAX_IDS, type PipedriveApi } from './api.ts';
import { PipedriveRefusal, refusalOf } from './errors.ts';
import { inPool } from './pool.ts';
import type { OwnField } from './properties.ts';
import { dealSchema } from './schema.ts';
import { knownInstant } from './times.ts';
import { nextReset, type TokenLedger } from './tokens.ts';
import { customFieldsOf, presentValue } from './values.ts';

const WRITE_TOKENS = 5;
/** Deals that a caller marks as on their way together. */
export const WRITE_BATCH = 40;
const WIDTH = 4;

export interface Writing {
  readonly api: PipedriveApi;
  readonly ledger: TokenLedger;
  readonly usable: ReadonlyMap<PropertyKey, OwnField>;
  /** Pipedrive's clock. */
  readonly now: () => Temporal.Instant;
}

/** One outcome per write. What was written before a failure is yielded before the failure is thrown. */
export async function* writeDeals(
  writing: Writing,
  writes: readonly DealWrite[],
): AsyncGenerator<readonly WriteOutcome[], void, void> {
  for (let start = 0; start < writes.length; start += WRITE_BATCH) {
    const outcomes: WriteOutcome[] = [];
    const batch = writes.slice(start, start + WRITE_BATCH);
    const failure = await inPool(WIDTH, batch, async (write) => {
      outcomes.push(await writeDeal(writing, write));
    }).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    if (outcomes.length > 0) yield outcomes;
    if (failure !== null) throw failure.error;
  }
}

async function writeDeal(writing: Writing, write: DealWrite): Promise<WriteOutcome> {
  const { dealId } = write;
  const body = customFieldsOf(write, writing.usable);
  if (!body.ok) {
    const { key, missing } = body.error;
    return { dealId, kind: 'refused', code: missing ? 'PROPERTY_MISSING' : 'VALUE_REFUSED', message: key };
  }
  if (!writing.ledger.allows(WRITE_TOKENS, 'write')) return postponed(writing, dealId);
  try {
    const { update_time } = await writing.api.updateDeal(Number(dealId), body.value);
    return { dealId, kind: 'written', modifiedAt: knownInstant(update_time) ?? writing.now() };
  } catch (error) {
    return outcomeOf(writing, dealId, error);
  }
}

function outcomeOf(writing: Writing, dealId: DealId, error: unknown): WriteOutcome {
  if (error instanceof LostReply) return { dealId, kind: 'uncertain' };
  if (error instanceof PipedriveRefusal) return { dealId, kind: 'refused', ...refusalOf(error) };
  if (error instanceof ConnectorError && error.code === 'CRM_DAILY_LIMIT') return postponed(writing, dealId);
  throw error;
}

function postponed({ now }: Writing, dealId: DealId): WriteOutcome {
  return { dealId, kind: 'postponed', resumesAt: nextReset(now()) };
}

/** One call of 10 tokens per 100 deals. Deals that are deleted or archived are absent. */
export async function readBackDeals(
  { api, usable }: Pick<Writing, 'api' | 'usable'>,
  dealIds: readonly DealId[],
  keys: readonly PropertyKey[],
): Promise<ReadonlyMap<DealId, PresentProperties>> {
  const own = keys.flatMap((key) => {
    const field = usable.get(key);
    return field === undefined ? [] : [[key, field] as const];
  });
  const codes = own.map(([, { field }]) => field.field_code);
  const present = new Map<DealId, PresentProperties>();
  for (let start = 0; start < dealIds.length; start += MAX_IDS) {
    const ids = dealIds.slice(start, start + MAX_IDS).map(Number);
    for (const raw of await api.dealsById(ids, codes)) {
      const parsed = dealSchema.safeParse(raw);
      const modifiedAt = parsed.success ? knownInstant(parsed.data.update_time) : null;
      if (!parsed.success || modifiedAt === null) continue;
      const held = parsed.data.custom_fields ?? {};
      const values = new Map(
        own.map(([key, field]) => [key, presentValue(field, held[field.field.field_code])]),
      );
      present.set(asId<DealId>(String(parsed.data.id)), { values, modifiedAt });
    }
  }
  return present;
}
