/** Frozen forecasts against what came, in sentences. */

import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { HorizonAccuracy } from '../../src/core/reliability/frozen-accuracy.ts';
import type { PeriodOutcome } from '../../src/core/reliability/restated.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import type { CurrencyCode } from '../../src/core/values/currency.ts';
import { listText, moneyText, percentText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { dealWord, periodText } from '../words.ts';
import { errorText, ratioText, signedPercentText } from './figures.ts';

/** The horizon in one sentence, then the manager's figure beside the computed one. */
export function accuracyTexts(
  horizon: HorizonAccuracy,
  crm: CrmKind,
  locale: Locale,
): readonly [string, string] {
  const { beside } = horizon;
  const summary = translate(locale, 'accuracy.summary', {
    count: horizon.periods.length,
    dealWords: dealWord(crm, locale),
    missed: errorText(horizon.wape, locale),
    bias: signedPercentText(horizon.bias, locale),
    coverage:
      horizon.coverage === null
        ? translate(locale, 'backtest.unknown')
        : percentText(horizon.coverage, locale),
    brier: ratioText(horizon.brier, locale),
    skill: ratioText(horizon.skill, locale),
    slope: ratioText(horizon.slope, locale),
    total: errorText(horizon.total.wape, locale),
  });
  if (beside === null) return [summary, translate(locale, 'accuracy.no_manager')];
  return [
    summary,
    translate(locale, 'accuracy.manager', {
      count: beside.periods,
      manager: errorText(beside.manager.wape, locale),
      managerBias: signedPercentText(beside.manager.bias, locale),
      computed: errorText(beside.computed.wape, locale),
      computedBias: signedPercentText(beside.computed.bias, locale),
    }),
  ];
}

/** One sentence per period whose signatures read otherwise today. */
export function restatedTexts(
  outcomes: readonly PeriodOutcome[],
  currency: CurrencyCode,
  crm: CrmKind,
  locale: Locale,
): readonly string[] {
  return outcomes
    .filter(({ restated }) => restated.length > 0)
    .map(({ period, actualMinor, todayMinor, restated }) => {
      const kinds = [...new Set(restated.map(({ kind }) => kind))];
      return translate(locale, 'accuracy.restated', {
        count: restated.length,
        dealWord: dealWord(crm, locale, restated.length),
        period: periodText(period, locale, 'long'),
        reported: moneyText(actualMinor, currency, locale),
        today: moneyText(todayMinor, currency, locale),
        kinds: listText(
          kinds.map((kind) => translate(locale, `accuracy.kind.${kind}`)),
          locale,
        ),
      });
    });
}
