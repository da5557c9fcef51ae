/** From daily rates to the chance of a win within so many days. forecast-model: section 2, steps 6, 7 and 9. */
import { bandOf, type ChainConstants, type ChainShape } from './chain-model.ts';
import type { CellRates } from './chain-rates.ts';

/** Beyond this many days a forecast says nothing more than the eventual chance. */
const LONGEST_DAYS = 3_660;

/** Two years stand for "ever" when a realistic close is sought. */
const EVER_DAYS = 730;

/** Rows grow when a longer horizon is asked for. Ages beyond the last band edge share its cell. */
export interface HorizonTable {
  /** Ages 0..ages-1 are told apart. */
  readonly ages: number;
  /** Chance, 0..1, to be won within `horizonDays`; 0 for a horizon of 0 or less. Never falls when the horizon grows. */
  chance(state: number, ageDays: number, horizonDays: number): number;
  /** `[state * ages + age]` for one horizon: what a forecast of many deals looks up. */
  row(horizonDays: number): Float64Array;
}

export function horizonTable(
  rates: CellRates,
  shape: ChainShape,
  constants: Pick<ChainConstants, 'bandEdges'>,
): HorizonTable {
  const ages = (constants.bandEdges.at(-1) ?? 0) + 1;
  const bands = Int32Array.from({ length: ages }, (_, age) => bandOf(constants.bandEdges, age));
  const rows: Float64Array[] = [new Float64Array(shape.open * ages)];
  const row = (horizonDays: number): Float64Array => {
    const days = wholeDays(horizonDays, LONGEST_DAYS);
    while (rows.length <= days) rows.push(oneDayMore(rows.at(-1) ?? new Float64Array(), rates, shape, bands));
    return rows[days] ?? new Float64Array();
  };
  return {
    ages,
    row,
    chance: (state, ageDays, horizonDays) =>
      row(horizonDays)[state * ages + wholeDays(ageDays, ages - 1)] ?? 0,
  };
}

/** 0..`most`, rounded down; what is no number counts as 0. */
function wholeDays(days: number, most: number): number {
  return days > 0 ? Math.floor(Math.min(days, most)) : 0;
}

/** The chance with one day more: be won today, or move and start afresh with a day less, or stay and be a day older. */
function oneDayMore(
  before: Float64Array,
  rates: CellRates,
  shape: ChainShape,
  bands: Int32Array,
): Float64Array {
  const ages = bands.length;
  const row = new Float64Array(before.length);
  for (let state = 0; state < shape.open; state += 1) {
    const moving = new Float64Array(rates.bands);
    const staying = new Float64Array(rates.bands);
    for (let band = 0; band < rates.bands; band += 1) {
      const cell = (state * rates.bands + band) * shape.columns;
      let won = rates.daily[cell + shape.won] ?? 0;
      let leaving = won + (rates.daily[cell + shape.lost] ?? 0);
      for (let to = 0; to < shape.open; to += 1) {
        const rate = rates.daily[cell + to] ?? 0;
        won += rate * (before[to * ages] ?? 0);
        leaving += rate;
      }
      moving[band] = won;
      staying[band] = 1 - leaving;
    }
    for (let age = 0; age < ages; age += 1) {
      const band = bands[age] ?? 0;
      const older = before[state * ages + Math.min(age + 1, ages - 1)] ?? 0;
      row[state * ages + age] = (moving[band] ?? 0) + (staying[band] ?? 0) * older;
    }
  }
  return row;
}

/** `[state * ages + age]`: first number of days at which the chance reaches half of that of two years; 0 where there is no chance at all. */
export function realisticDays(
  rates: CellRates,
  shape: ChainShape,
  constants: Pick<ChainConstants, 'bandEdges'>,
): Int32Array {
  const table = horizonTable(rates, shape, constants);
  const ever = table.row(EVER_DAYS);
  return Int32Array.from(ever, (chance, cell) => {
    if (chance <= 0) return 0;
    let missed = 0;
    let reached = EVER_DAYS;
    while (reached - missed > 1) {
      const middle = (missed + reached) >> 1;
      if ((table.row(middle)[cell] ?? 0) >= chance / 2) reached = middle;
      else missed = middle;
    }
    return reached;
  });
}
