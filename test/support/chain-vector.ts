import {
  CHAIN_CONSTANTS,
  type ChainConstants,
  type ChainMilestone,
} from '../../src/core/odds/chain-model.ts';
import { LOST, type StateEvent, WON } from '../../src/core/odds/history.ts';

/** The nine deals of forecast-model section 9, as "day:state"; 3 is won, 4 is lost; seen on day 40. */
const DEALS = [
  '.5:0 5.2:1 12.1:2 20.3:3',
  '1.1:0 9.4:4',
  '2:0 4.9:1 30.6:4',
  '3.3:0 3.8:1 15.5:2 24.2:1',
  '10.7:0',
  '33.1:0 36.9:1',
  '20.2:1 22.6:2 39.99:2',
  '6:0 8.5:4 28.4:1',
  '40.0:0',
];

export const chainVector: readonly (readonly StateEvent[])[] = DEALS.map((deal) =>
  deal.split(' ').map((event) => {
    const [t = '', state = ''] = event.split(':');
    return { t: Number(t), state: state === '3' ? WON : state === '4' ? LOST : Number(state) };
  }),
);

export const milestonesOfVector: readonly ChainMilestone[] = [2000, 5000, 8000].map((weightBps) => ({
  weightBps,
  typicalDays: 10,
}));

export const constantsOfVector: ChainConstants = { ...CHAIN_CONSTANTS, bandEdges: [0, 7, 30] };
