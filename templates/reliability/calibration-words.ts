/** "Verbal commitment weighs 60 %; 12 of 40 resolved deals that reached it were won: calibrated 36 %." forecast-model: section 3. */

import type { Locale } from '../../src/core/milestones/milestone.ts';
import type { MilestoneCalibration } from '../../src/core/reliability/model-calibration.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import { percentText, weightText } from '../format.ts';
import { translate } from '../i18n/translate.ts';
import { visibleText } from '../text.ts';
import { dealWord } from '../words.ts';
import { wholeText } from './figures.ts';

/** One sentence per milestone, in the order of the model. Only a weight outside the interval is worth a second look. */
export function calibrationTexts(
  rows: readonly MilestoneCalibration[],
  crm: CrmKind,
  locale: Locale,
): readonly string[] {
  return rows.map((row) => {
    const weight = row.weightBps / 10_000;
    const key =
      row.reached === 0
        ? 'calibration.none'
        : weight < row.low || weight > row.high
          ? 'calibration.differs'
          : 'calibration.agrees';
    return translate(locale, key, {
      count: row.reached,
      dealWord: dealWord(crm, locale, Math.max(1, row.reached)),
      milestone: visibleText(row.label[locale]),
      weight: weightText(row.weightBps, locale),
      won: wholeText(row.won, locale),
      calibrated: percentText(row.calibrated, locale),
      low: percentText(row.low, locale),
      high: percentText(row.high, locale),
    });
  });
}
