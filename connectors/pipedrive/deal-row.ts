/** A listed deal, read: what must be there for it to be a deal at all, or a Rejection that says which field could not be read. Pure. */

import type { GrossAmount, Rejection, RejectionCode } from '../../src/core/deals/deal.ts';
import { parseCurrency } from '../../src/core/values/currency.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { parseMoney } from '../../src/core/values/money.ts';
import { err, ok, type Result } from '../../src/core/values/result.ts';
import { dealSchema, type PipedriveDeal } from './schema.ts';
import { dayOf, instantOf } from './times.ts';

/** A deal as it was listed, with what must be readable for it to be a deal at all. */
export interface DealRow {
  readonly source: PipedriveDeal;
  readonly id: DealId;
  readonly stageId: string;
  readonly pipelineId: string;
  readonly createdAt: Temporal.Instant;
  readonly updatedAt: Temporal.Instant;
  readonly closeDate: Temporal.PlainDate | null;
  readonly amount: { readonly gross: GrossAmount; readonly rounded: boolean };
}

export function readDealRow(raw: unknown): Result<DealRow, Rejection> {
  const parsed = dealSchema.safeParse(raw);
  if (!parsed.success) return err(unexpectedShape('deal', raw, parsed.error.issues[0]?.path ?? []));
  const source = parsed.data;
  const reject = (code: RejectionCode, field: string): Result<never, Rejection> =>
    err({ object: 'deal', externalId: String(source.id), code, field });
  if (source.stage_id == null) return reject('STAGE_MISSING', 'stage_id');
  if (source.pipeline_id == null) return reject('PIPELINE_MISSING', 'pipeline_id');
  const createdAt = instantOf(source.add_time);
  if (createdAt === null) return reject('CREATED_MISSING', 'add_time');
  const updatedAt = instantOf(source.update_time ?? source.add_time);
  const closeDate = dayOf(source.expected_close_date);
  if (createdAt === 'unreadable') return reject('DATE_UNREADABLE', 'add_time');
  if (updatedAt === 'unreadable') return reject('DATE_UNREADABLE', 'update_time');
  if (closeDate === 'unreadable') return reject('DATE_UNREADABLE', 'expected_close_date');
  const amount = amountOf(source);
  if (amount === 'unreadable') return reject('AMOUNT_UNREADABLE', 'value');
  return ok({
    source,
    id: asId(String(source.id)),
    stageId: String(source.stage_id),
    pipelineId: String(source.pipeline_id),
    createdAt,
    updatedAt: updatedAt ?? createdAt,
    closeDate,
    amount,
  });
}

export function unexpectedShape(
  object: Rejection['object'],
  raw: unknown,
  path: readonly PropertyKey[],
): Rejection {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  const field = path.map(String).join('.');
  const known = (typeof id === 'number' && Number.isInteger(id)) || (typeof id === 'string' && id !== '');
  if (!known) return { object, externalId: '', code: 'ID_MISSING', field };
  return { object, externalId: String(id), code: 'SHAPE_UNEXPECTED', field };
}

/** Pipedrive keeps no difference between an empty value and 0, so 0 is a missing amount: listed, and in no sum either way. */
function amountOf({ value, currency }: PipedriveDeal): DealRow['amount'] | 'unreadable' {
  const text = value?.trim() ?? '';
  if (text === '' || /^[-+]?0+(\.0*)?$/.test(text)) return { gross: { kind: 'missing' }, rounded: false };
  const code = currency?.trim() ?? '';
  const known = parseCurrency(code);
  const parsed = parseMoney(text, known.ok ? known.value : FOR_SHAPE);
  if (!parsed.ok && parsed.error.code === 'AMOUNT_UNREADABLE') return 'unreadable';
  const unusable = (reason: Extract<GrossAmount, { kind: 'unusable' }>['reason']): DealRow['amount'] => ({
    gross: { kind: 'unusable', text, reason },
    rounded: false,
  });
  if (!parsed.ok) return unusable('absurd');
  if (code === '') return unusable('currency_missing');
  if (!known.ok) return unusable('currency_unknown');
  if (parsed.value.money.amountMinor < 0n) return unusable('negative');
  return { gross: { kind: 'money', money: parsed.value.money }, rounded: parsed.value.rounded };
}

/** Any currency does to see whether the text is an amount; what it gives is not used. */
const FOR_SHAPE = 'EUR' as Parameters<typeof parseMoney>[1];
