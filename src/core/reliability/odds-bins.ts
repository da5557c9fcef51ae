/** Were the odds right? Deals are put together with others of about the same odds, and counted. */
import type { OddsOutcomes } from './accuracy.ts';

/** Deals whose odds lay in [low, high): what was said of them on average, and how many were won. */
export interface OddsBin {
  readonly low: number;
  readonly high: number;
  readonly deals: number;
  readonly meanOdds: number;
  readonly won: number;
}

/** Finer where most deals are: most odds of a few weeks are small. */
const EDGES: readonly number[] = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** In the order of the odds; a band without deals is left out. Odds of 1 belong to the last band. */
export function oddsBins({ odds, won }: OddsOutcomes): readonly OddsBin[] {
  const sums = EDGES.slice(1).map(() => ({ deals: 0, odds: 0, won: 0 }));
  for (let deal = 0; deal < odds.length; deal += 1) {
    const chance = odds[deal] ?? 0;
    const bin =
      sums[
        Math.max(
          0,
          EDGES.findLastIndex((edge) => edge <= chance && edge < 1),
        )
      ];
    if (bin === undefined) continue;
    bin.deals += 1;
    bin.odds += chance;
    bin.won += won[deal] ?? 0;
  }
  return sums.flatMap(({ deals, odds: sum, won: wins }, at) =>
    deals === 0
      ? []
      : [{ low: EDGES[at] ?? 0, high: EDGES[at + 1] ?? 1, deals, meanOdds: sum / deals, won: wins }],
  );
}
