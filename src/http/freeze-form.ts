/** What a manager typed about the forecast of a period -> a figure with its differences, or what is wrong, field by field. */
import { z } from 'zod';
import { translate } from '../../templates/i18n/translate.ts';
import { visibleText } from '../../templates/text.ts';
import { type FrozenDifference, unexplainedOf } from '../core/forecast/frozen-forecast.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import { type CurrencyCode, exponentOf } from '../core/values/currency.ts';
import type { DealId } from '../core/values/ids.ts';
import { err, ok, type Result } from '../core/values/result.ts';
import {
  FREEZE_ROWS,
  type FreezeDraft,
  type FreezeFormInput,
  type FreezeProblem,
  type FreezeRow,
  type FreezeValues,
  REASON_LIMIT,
} from '../web/freeze/freeze-input.ts';
import { readTypedAmount } from './typed-amount.ts';

/** Longer than any honest field: the rest is cut before anybody looks at it. */
const FIELD_LIMIT = 2_000;

const field = z
  .string()
  .transform((text) => text.slice(0, FIELD_LIMIT))
  .catch('');
/** A form sends one field of a name as a text and several as a list. */
const fields = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(field)).catch([]);
const typed = z.object({ amount: field, deal: fields, difference: fields, reason: fields });

export interface FreezeFormFrame {
  readonly locale: Locale;
  readonly currency: CurrencyCode;
  readonly computedMinor: bigint;
  /** Deals that a difference may be about. */
  readonly dealIds: ReadonlySet<DealId>;
}

/** Fields as typed; rows without anything in them are left out. */
export function freezeValues(body: unknown): FreezeValues {
  const { amount, deal, difference, reason } = typed.catch(typed.parse({})).parse(body ?? {});
  const rows = Array.from({ length: Math.min(FREEZE_ROWS, difference.length) }, (_, index) => ({
    deal: deal[index] ?? '',
    difference: difference[index] ?? '',
    reason: reason[index] ?? '',
  }));
  return { amount, rows: rows.filter((row) => !isEmpty(row)) };
}

/** The rows with something in them, and empty ones up to one more than the page had. */
export function withAnotherRow(body: unknown, { rows }: FreezeValues): readonly FreezeRow[] {
  const { difference } = typed.catch(typed.parse({})).parse(body ?? {});
  const wanted = Math.min(FREEZE_ROWS, difference.length + 1);
  const empty = { deal: '', difference: '', reason: '' };
  return [...rows, ...Array.from({ length: Math.max(0, wanted - rows.length) }, () => empty)];
}

function isEmpty({ deal, difference, reason }: FreezeRow): boolean {
  return deal === '' && difference.trim() === '' && visibleText(reason) === '';
}

/**
 * The whole figure, or everything that is wrong with it at once. Cents that are left because the computed figure has them and people
 * write whole amounts are a difference of their own, with rounding as its reason.
 */
export function readFreezeForm(
  values: FreezeValues,
  frame: FreezeFormFrame,
): Result<FreezeDraft, FreezeFormInput> {
  const { locale, currency, computedMinor, dealIds } = frame;
  const amount = readTypedAmount(values.amount, currency, locale);
  const rows = values.rows.map((row) => ({
    ...row,
    minor: readTypedAmount(row.difference, currency, locale),
    reason: visibleText(row.reason, REASON_LIMIT),
  }));
  const differences = rows.map(({ deal, minor, reason }) => ({
    dealId: deal === '' ? null : (deal as DealId),
    differenceMinor: minor.ok ? minor.value : 0n,
    reason,
  }));
  const left = amount.ok ? unexplainedOf({ amountMinor: amount.value, computedMinor, differences }) : null;
  const isRounding = left !== null && magnitudeOf(left) < 10n ** BigInt(exponentOf(currency));
  const found: readonly (FreezeProblem | false)[] = [
    !amount.ok && { code: 'FORECAST_FROZEN_AMOUNT', row: null },
    amount.ok && amount.value < 0n && { code: 'FORECAST_FROZEN_NEGATIVE', row: null },
    ...rows.flatMap(({ deal, minor, reason }, row): readonly (FreezeProblem | false)[] => [
      deal !== '' && !dealIds.has(deal as DealId) && { code: 'FORECAST_FROZEN_DEAL', row },
      !minor.ok && { code: 'FORECAST_FROZEN_AMOUNT', row },
      reason === '' && { code: 'FORECAST_FROZEN_REASON', row },
    ]),
    left !== null && !isRounding && { code: 'FORECAST_FROZEN_DIFFERENCES', row: null },
  ];
  const problems = found.filter((problem) => problem !== false);
  if (!amount.ok || problems.length > 0)
    return err({ values, problems, unexplainedMinor: isRounding ? 0n : left });
  return ok({
    amountMinor: amount.value,
    computedMinor,
    differences: [...differences, ...rounding(left, locale)],
  });
}

function rounding(left: bigint | null, locale: Locale): readonly FrozenDifference[] {
  return left === null || left === 0n
    ? []
    : [{ dealId: null, differenceMinor: left, reason: translate(locale, 'freeze.rounding') }];
}

function magnitudeOf(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
