/** The manager's weights held against the company's own outcomes: a proposal, never a change. forecast-model: section 3. */

import { everReached } from '../gap/funnel-reached.ts';
import type { WeightBps } from '../milestones/milestone.ts';
import type { StateLog } from '../odds/history.ts';
import { betaQuantile } from './calibration-beta.ts';

/** Resolved deals that the manager's weight counts for. */
const PRIOR_DEALS = 10;
/** The interval holds the true rate in eight cases of ten. */
const INTERVAL_LOW = 0.1;
const INTERVAL_HIGH = 0.9;

/** Resolved deals that ever reached a milestone, and how many of them were won. */
export interface MilestoneRecord {
  readonly weightBps: WeightBps;
  readonly reached: number;
  readonly won: number;
}

/** "Verbal commitment weighs 60 %; 12 of 40 resolved deals that reached it were won: calibrated 36 %." Rates are 0..1. */
export interface CalibratedWeight extends MilestoneRecord {
  readonly calibrated: number;
  readonly low: number;
  readonly high: number;
}

/** In the order of the model. Later milestones never come out below earlier ones: neighbours that contradict each other are pooled. */
export function calibrateWeights(records: readonly MilestoneRecord[]): readonly CalibratedWeight[] {
  return poolViolators(records).flatMap(({ wins, losses, members }) =>
    members.map((record) => ({
      ...record,
      calibrated: wins / (wins + losses),
      low: betaQuantile(INTERVAL_LOW, wins, losses),
      high: betaQuantile(INTERVAL_HIGH, wins, losses),
    })),
  );
}

/** Records of the deals resolved before midnight of `originDay`. */
export function recordsBefore(
  log: StateLog,
  originDay: number,
  weightsBps: readonly WeightBps[],
): readonly MilestoneRecord[] {
  const { resolved, won } = everReached(log, originDay, weightsBps.length);
  return weightsBps.map((weightBps, milestone) => ({
    weightBps,
    reached: resolved[milestone] ?? 0,
    won: won[milestone] ?? 0,
  }));
}

/** Neighbouring milestones with one rate: prior and seen wins and losses together. */
interface Pool {
  readonly wins: number;
  readonly losses: number;
  readonly members: readonly MilestoneRecord[];
}

/** Pool adjacent violators: a pool whose rate is below the one before it is merged with it. */
function poolViolators(records: readonly MilestoneRecord[]): readonly Pool[] {
  const pools: Pool[] = [];
  for (const record of records) {
    let pool = poolOf(record);
    for (
      let before = pools.at(-1);
      before !== undefined && rate(before) > rate(pool);
      before = pools.at(-1)
    ) {
      pools.pop();
      pool = {
        wins: before.wins + pool.wins,
        losses: before.losses + pool.losses,
        members: [...before.members, ...pool.members],
      };
    }
    pools.push(pool);
  }
  return pools;
}

function poolOf(record: MilestoneRecord): Pool {
  const weight = record.weightBps / 10_000;
  return {
    wins: PRIOR_DEALS * weight + record.won,
    losses: PRIOR_DEALS * (1 - weight) + record.reached - record.won,
    members: [record],
  };
}

function rate(pool: Pool): number {
  return pool.wins / (pool.wins + pool.losses);
}
