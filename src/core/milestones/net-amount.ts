/** Net amount = amount x weight of the verified milestone. Exact integers; each line is rounded once, half to even. */
import type { GrossAmount } from '../deals/deal.ts';
import type { Exclusion } from '../forecast/forecast-types.ts';
import type { Converter } from '../values/exchange.ts';
import { type Money, multiplyMinor } from '../values/money.ts';
import { MAX_WEIGHT_BPS, type WeightBps } from './milestone.ts';

/** The amount of a deal in its own currency and in the company's; with the reason when it can be in no sum (then `grossMinor` is 0). */
export interface GrossReading {
  readonly gross: Money | null;
  readonly grossMinor: bigint;
  readonly exclusion: Exclusion | null;
}

export function readGross(amount: GrossAmount, convert: Converter): GrossReading {
  if (amount.kind === 'missing') return excluded(null, 'amount_missing');
  if (amount.kind === 'unusable') return excluded(null, EXCLUSION_OF_PROBLEM[amount.reason]);
  if (amount.money.amountMinor < 0n) return excluded(amount.money, 'amount_negative');
  const grossMinor = convert(amount.money);
  if (grossMinor === null) return excluded(amount.money, 'no_rate');
  return { gross: amount.money, grossMinor, exclusion: null };
}

const EXCLUSION_OF_PROBLEM = {
  negative: 'amount_negative',
  absurd: 'amount_absurd',
  currency_missing: 'currency_missing',
  currency_unknown: 'currency_unknown',
} as const;

function excluded(gross: Money | null, exclusion: Exclusion): GrossReading {
  return { gross, grossMinor: 0n, exclusion };
}

/** Part of an amount at a weight. */
export function weighted(amountMinor: bigint, weightBps: WeightBps): bigint {
  return multiplyMinor(amountMinor, BigInt(weightBps), BigInt(MAX_WEIGHT_BPS));
}

/** What the stage declares beyond what is proven; never negative: proof ahead of the stage is no debt. */
export function unproven(amountMinor: bigint, declaredBps: WeightBps, verifiedBps: WeightBps): bigint {
  return weighted(amountMinor, Math.max(0, declaredBps - verifiedBps));
}

/** Odds are cut to millionths before they touch money, so that a last bit of floating point never moves a cent. */
const MILLION = 1_000_000;

export function quantiseOdds(odds: number): number {
  return Math.round(Math.min(1, Math.max(0, odds)) * MILLION) / MILLION;
}

/** amount x odds, exact on the quantised odds. */
export function expected(amountMinor: bigint, odds: number): bigint {
  return multiplyMinor(amountMinor, BigInt(Math.round(odds * MILLION)), BigInt(MILLION));
}
