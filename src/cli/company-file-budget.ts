/** `pipedrive:` of the company file: what plan and seats give per day, and how much of it is ours. */
import { z } from 'zod';
import { PIPEDRIVE_PLANS, tokensOfPlan } from '../core/deals/pipedrive-plan.ts';
import type { ConnectorLimits } from '../ports/connector.ts';

export type PipedriveBudget = Pick<ConnectorLimits, 'dailyTokens' | 'dailyShareBps'>;

const MOST_SEATS = 100_000;
const BPS_PER_PERCENT = 100;

export const pipedriveBudget = z
  .strictObject({
    plan: z.enum(PIPEDRIVE_PLANS),
    seats: z.int().min(1).max(MOST_SEATS),
    top_up_tokens: z.int().min(0).default(0),
    share_percent: z.int().min(1).max(100).default(50),
  })
  .transform(
    ({ plan, seats, top_up_tokens, share_percent }): PipedriveBudget => ({
      dailyTokens: tokensOfPlan(plan, seats, top_up_tokens),
      dailyShareBps: share_percent * BPS_PER_PERCENT,
    }),
  );
