/** A company that has been replayed, with frozen forecasts and a restated month; its name tries to break out of the page. */

import { companyLog } from '../../src/core/deals/company-log.ts';
import type { Deal } from '../../src/core/deals/deal.ts';
import { oddsOutcomes } from '../../src/core/reliability/accuracy.ts';
import { backtestReport } from '../../src/core/reliability/backtest-report.ts';
import { accuracyAt } from '../../src/core/reliability/frozen-accuracy.ts';
import { modelCalibration } from '../../src/core/reliability/model-calibration.ts';
import { periodOutcome } from '../../src/core/reliability/restated.ts';
import { periodOf } from '../../src/core/values/calendar.ts';
import type { ReliabilityInput } from '../../src/web/reliability/reliability-input.ts';
import { day, deal, dealId, EUR, stageModel, ZONE } from './deals.ts';

export const FIRST = day('2026-01-05');
export const TODAY = FIRST.add({ days: 250 });

/** A deal every day; half of them are won after 24 days, the others lost after 15. */
export function steadyCompany(deals: number): readonly Deal[] {
  return Array.from({ length: deals }, (_, at) => {
    const on = (days: number) => FIRST.add({ days: at + days }).toString();
    const end = at % 2 === 0 ? `s-won ${on(24)}` : `s-lost ${on(15)}`;
    return deal(`d-${at}`, `s-contact ${on(0)}, s-solution ${on(8)}, ${end}`);
  });
}

const HOSTILE = '<script>alert("x")</script>';

export function reliabilityFixture(
  locale: 'fr' | 'en',
  changes: Partial<ReliabilityInput> = {},
): ReliabilityInput {
  const model = stageModel();
  const deals = steadyCompany(220);
  const june = periodOf(day('2026-06-15'), 'month');
  const met = {
    period: june,
    asOf: day('2026-06-01'),
    source: 'replayed',
    modelVersion: 1,
    forecastMinor: 1_200_000n,
    lowMinor: 900_000n,
    highMinor: 1_500_000n,
    cameMinor: 1_000_000n,
    withNewMinor: 1_300_000n,
    managerMinor: 1_100_000n,
    actualMinor: 1_150_000n,
    outcomes: oddsOutcomes([
      { odds: 0.4, won: true },
      { odds: 0.2, won: false },
    ]),
  } as const;
  const signed = {
    dealName: 'A',
    ownerId: null,
    standing: 'won',
    exclusion: null,
    closedOn: day('2026-06-20'),
  } as const;
  return {
    locale,
    crm: 'hubspot',
    company: HOSTILE,
    backtest: backtestReport({
      deals,
      model,
      zone: ZONE,
      asOf: TODAY,
      amountOf: (one) => (one.amount.kind === 'money' ? one.amount.money.amountMinor : null),
    }),
    unplacedRows: 3,
    calibration: modelCalibration(companyLog(deals, model, ZONE), model, TODAY),
    accuracy: {
      currency: EUR,
      horizons: [accuracyAt(90, []), accuracyAt(30, [met])],
      outcomes: [periodOutcome(june, [{ ...signed, dealId: dealId('1'), grossMinor: 1_150_000n }], [])],
    },
    ...changes,
  };
}
