/** What Pipedrive's plans give per day. pipedrive.readme.io/docs/core-api-concepts-rate-limiting: 30,000 tokens x the plan's factor x seats, and top-ups. */

const TOKENS_PER_SEAT = 30_000;

const FACTORS = { lite: 1, growth: 2, premium: 5, ultimate: 7 } as const;

export type PipedrivePlan = keyof typeof FACTORS;
export const PIPEDRIVE_PLANS = Object.keys(FACTORS) as readonly PipedrivePlan[];

export function tokensOfPlan(plan: PipedrivePlan, seats: number, topUpTokens = 0): number {
  return TOKENS_PER_SEAT * FACTORS[plan] * seats + topUpTokens;
}
