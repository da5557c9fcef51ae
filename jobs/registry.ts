/** One line per job. */
import { backtest } from './backtest.ts';
import type { Job } from './context.ts';
import { digestAlert, heartbeat } from './digest/digest-alarm.ts';
import { digestPlan } from './digest/digest-plan.ts';
import { digestSend } from './digest/digest-send.ts';
import { digestTest } from './digest/digest-test.ts';
import { pull } from './pull.ts';
import { snapshot } from './snapshot.ts';
import { webhookSetup } from './webhook-setup.ts';
import { webhooks } from './webhooks.ts';
import { writeBack } from './write-back.ts';

export const jobs: ReadonlyMap<string, Job> = new Map(
  [
    pull,
    webhooks,
    webhookSetup,
    snapshot,
    backtest,
    writeBack,
    digestPlan,
    digestSend,
    digestTest,
    digestAlert,
    heartbeat,
  ].map((job) => [job.kind, job]),
);
