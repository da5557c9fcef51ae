/** The replay of a company's own past, from what the store holds or from an event log. */

import type { Deal, ExchangeRate } from '../src/core/deals/deal.ts';
import type { MilestoneModel } from '../src/core/milestones/milestone.ts';
import { readGross } from '../src/core/milestones/net-amount.ts';
import type { VerifiedHistory } from '../src/core/odds/verified-history.ts';
import type { BacktestHorizon } from '../src/core/reliability/backtest.ts';
import { type BacktestReport, backtestReport } from '../src/core/reliability/backtest-report.ts';
import type { CurrencyCode } from '../src/core/values/currency.ts';
import { converterTo } from '../src/core/values/exchange.ts';

export interface ReplayOptions {
  readonly from?: Temporal.PlainDate;
  readonly everyDays?: number;
  readonly horizons?: readonly BacktestHorizon[];
}

/** What a replay depends on: less than a forecast does. */
export interface ReplaySources {
  readonly deals: readonly Deal[];
  readonly model: MilestoneModel;
  readonly rates: readonly ExchangeRate[];
  readonly company: { readonly zone: string; readonly currency: CurrencyCode };
  /** Absent: only stages are known, as of an event log. */
  readonly verified?: VerifiedHistory;
}

/** Everything before the midnight that begins `asOf` is known; windows that end later are not replayed. */
export function replaySources(
  sources: ReplaySources,
  asOf: Temporal.PlainDate,
  options: ReplayOptions = {},
): BacktestReport {
  const { deals, model, company, verified } = sources;
  return backtestReport({
    deals,
    model,
    zone: company.zone,
    asOf,
    amountOf: amountReader(sources, asOf),
    ...(verified === undefined ? {} : { verified }),
    ...(options.horizons === undefined ? {} : { horizons: options.horizons }),
    ...(options.everyDays === undefined ? {} : { everyDays: options.everyDays }),
    ...(options.from === undefined ? {} : { from: options.from }),
  });
}

/** Minor units of the company currency at the rates in force on `asOf`; null for an amount that can be in no sum. */
export function amountReader(
  { company, rates }: Pick<ReplaySources, 'rates' | 'company'>,
  asOf: Temporal.PlainDate,
): (deal: Deal) => bigint | null {
  const convert = converterTo(company.currency, rates, asOf);
  return (deal) => {
    const { grossMinor, exclusion } = readGross(deal.amount, convert);
    return exclusion === null ? grossMinor : null;
  };
}
