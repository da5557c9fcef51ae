import type { BacktestReport } from '../core/backtest-report.ts';
import type { CrmKind } from '../core/crm.ts';
import type { CurrencyCode } from '../core/currency.ts';
import type { HorizonAccuracy } from '../core/frozen-accuracy.ts';
import type { Locale } from '../core/milestone.ts';
import type { MilestoneCalibration } from '../core/model-calibration.ts';
import type { PeriodOutcome } from '../core/restated.ts';

/** What the route or the command hands over. What is not known yet is null or empty and said so on the page. */
export interface ReliabilityInput {
  readonly locale: Locale;
  readonly crm: CrmKind;
  readonly company: string;
  readonly backtest: BacktestReport;
  /** Rows of an event log without a place in time; 0 for a CRM. */
  readonly unplacedRows: number;
  readonly calibration: readonly MilestoneCalibration[];
  readonly accuracy: {
    readonly currency: CurrencyCode;
    readonly horizons: readonly HorizonAccuracy[];
    readonly outcomes: readonly PeriodOutcome[];
  } | null;
}
