/** Each milestone of the model held against the deals that ever reached it: what an admin may adopt, and nobody must. */

import type { CompanyLog } from '../deals/company-log.ts';
import type { Locale, MilestoneModel } from '../milestones/milestone.ts';
import { dayNumber } from '../odds/history-days.ts';
import type { MilestoneKey } from '../values/ids.ts';
import { type CalibratedWeight, calibrateWeights, recordsBefore } from './calibration.ts';

export interface MilestoneCalibration extends CalibratedWeight {
  readonly milestone: MilestoneKey;
  readonly label: Readonly<Record<Locale, string>>;
}

/** In the order of the model, from deals resolved before the midnight that begins `asOf`. */
export function modelCalibration(
  { log }: CompanyLog,
  model: MilestoneModel,
  asOf: Temporal.PlainDate,
): readonly MilestoneCalibration[] {
  const weights = model.milestones.map(({ weightBps }) => weightBps);
  const calibrated = calibrateWeights(recordsBefore(log, dayNumber(asOf), weights));
  return model.milestones.flatMap(({ key, label }, at) => {
    const weight = calibrated[at];
    return weight === undefined ? [] : [{ ...weight, milestone: key, label }];
  });
}
