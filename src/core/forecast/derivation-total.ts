/** How the figures of a period came about, step by step, as data: the counterpart of `derivationOf` for a company or a manager. */

import type { HistoryNotes } from '../odds/history.ts';
import { shockSigma } from '../totals/totals-shock.ts';
import type { MilestoneKey } from '../values/ids.ts';
import type { Exclusion, ForecastSummary, HistoryLabel, LineFigures } from './forecast-types.ts';
import { openLines } from './summary.ts';

export type TotalStep =
  | { readonly kind: 'won'; readonly deals: number; readonly wonMinor: bigint }
  /** Open deals at one verified milestone: their sums are of lines rounded one by one. */
  | {
      readonly kind: 'milestone';
      readonly milestone: MilestoneKey | null;
      readonly deals: number;
      readonly grossMinor: bigint;
      readonly netMinor: bigint;
      readonly expectedMinor: bigint;
    }
  | { readonly kind: 'excluded'; readonly reason: Exclusion; readonly deals: number }
  | {
      readonly kind: 'forecast';
      readonly wonMinor: bigint;
      readonly expectedMinor: bigint;
      readonly forecastMinor: bigint;
    }
  | {
      readonly kind: 'gap';
      readonly targetMinor: bigint;
      readonly wonMinor: bigint;
      readonly expectedMinor: bigint;
      readonly gapMinor: bigint;
    }
  /** `sigma` = sqrt(0.01 + 1 / (wins + 5)): how far all deals swing together, on the logit scale. */
  | {
      readonly kind: 'range';
      readonly p10Minor: bigint;
      readonly p50Minor: bigint;
      readonly p90Minor: bigint;
      readonly wins: number;
      readonly sigma: number;
    }
  | { readonly kind: 'chance'; readonly targetMinor: bigint; readonly chance: number }
  /** `spreadMinor` = sqrt(sum of amount^2 x odds x (1 - odds)); index = 1 - spread / expected, never below 0. */
  | {
      readonly kind: 'reliability';
      readonly spreadMinor: bigint;
      readonly expectedMinor: bigint;
      readonly index: number;
    }
  | ({ readonly kind: 'new_business' } & NewBusiness)
  | { readonly kind: 'rests_on'; readonly label: HistoryLabel; readonly resolvedDeals: number }
  | ({ readonly kind: 'history' } & Pick<HistoryNotes, 'verifiedDeals' | 'stageDeals'>);

/** `amountMinor` = wins x wonMinor / wonDeals; in no total. */
export interface NewBusiness {
  /** Wins to expect until the end of the period from deals that do not exist yet. */
  readonly wins: number;
  readonly wonDeals: number;
  readonly wonMinor: bigint;
  readonly amountMinor: bigint;
}

export interface TotalInput {
  readonly summary: ForecastSummary;
  readonly lines: readonly LineFigures[];
  /** Wins in the history behind the range. */
  readonly wins: number;
  /** Null for a manager, and where nothing was won yet. */
  readonly newBusiness: NewBusiness | null;
  readonly history: Pick<HistoryNotes, 'verifiedDeals' | 'stageDeals'>;
}

/** In the order in which the figures are made; nothing but the spread is computed a second time. */
export function totalDerivation(input: TotalInput): readonly TotalStep[] {
  const { summary, newBusiness, history } = input;
  const { wonMinor, wonDeals, expectedMinor, forecastMinor } = summary;
  return [
    { kind: 'won', deals: wonDeals, wonMinor },
    ...summary.byMilestone
      .filter(({ deals }) => deals > 0)
      .map(({ key, deals, grossMinor, netMinor, expectedMinor: expected }) => ({
        kind: 'milestone' as const,
        milestone: key,
        deals,
        grossMinor,
        netMinor,
        expectedMinor: expected,
      })),
    ...summary.exclusions.map(({ reason, deals }) => ({ kind: 'excluded' as const, reason, deals })),
    { kind: 'forecast', wonMinor, expectedMinor, forecastMinor },
    ...gapSteps(summary),
    ...rangeSteps(input),
    ...(newBusiness === null ? [] : [{ kind: 'new_business' as const, ...newBusiness }]),
    { kind: 'rests_on', ...summary.history },
    { kind: 'history', verifiedDeals: history.verifiedDeals, stageDeals: history.stageDeals },
  ];
}

function gapSteps({ targetMinor, wonMinor, expectedMinor, gapMinor }: ForecastSummary): readonly TotalStep[] {
  return targetMinor === null || gapMinor === null
    ? []
    : [{ kind: 'gap', targetMinor, wonMinor, expectedMinor, gapMinor }];
}

function rangeSteps({ summary, lines, wins }: TotalInput): readonly TotalStep[] {
  const { range, targetMinor, expectedMinor } = summary;
  if (range === null) return [];
  const { p10Minor, p50Minor, p90Minor, chanceOfTarget, reliabilityIndex } = range;
  const chance: readonly TotalStep[] =
    targetMinor === null || chanceOfTarget === null
      ? []
      : [{ kind: 'chance', targetMinor, chance: chanceOfTarget }];
  return [
    { kind: 'range', p10Minor, p50Minor, p90Minor, wins, sigma: shockSigma(wins) },
    ...chance,
    { kind: 'reliability', spreadMinor: spreadOf(lines), expectedMinor, index: reliabilityIndex },
  ];
}

function spreadOf(lines: readonly LineFigures[]): bigint {
  const variance = openLines(lines).reduce(
    (sum, { grossMinor, odds }) => sum + Number(grossMinor) ** 2 * odds * (1 - odds),
    0,
  );
  return BigInt(Math.round(Math.sqrt(variance)));
}
