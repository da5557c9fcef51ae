/** Every durable step of a Monday run, in the order of the run, and a process that dies before, within and after each. */

import { randomFrom } from '../support/random.ts';
import { type ChaosAccount, openChaosAccount } from './account.ts';
import { checkRound, type Findings } from './checker.ts';
import type { CrashPoint } from './order.ts';
import { changeDeals } from './people.ts';
import { runProcess } from './run-process.ts';

type Row = readonly [
  step: string,
  ...whens: readonly (CrashPoint['when'] | `${CrashPoint['when']} ${string}`)[],
];

/**
 * One list per round. After "before" and "within" the step is met again by the next process; after "after" it is done, and the next row is
 * further on. A reading calls for the snapshot and for the write-back, which go on side by side: they are died at in different rounds. What a
 * dead process held is taken up last, so mails and writes come in different rounds: in each the other part is done
 * undisturbed. A round has three mails, and each that is interrupted after its hand-over is used up.
 */
const EVERY: readonly (readonly Row[])[] = [
  [
    ['system.createTenant', 'before', 'after'],
    ['connections.save', 'before', 'within', 'after'],
    ['session.readDirectory', 'before', 'after'],
    ['records.landDirectory', 'before', 'within', 'after'],
    ['settings.saveModel', 'before', 'within'],
    ['settings.saveManagers', 'before', 'within'],
    ['settings.saveRates', 'within', 'after'],
    ['effects.add', 'before', 'within', 'after'],
    ['effects.claim', 'before', 'within', 'after'],
    ['session.pull', 'before', 'after'],
    ['records.landPage', 'before', 'within', 'after', 'within 4', 'after 4', 'before 6'],
    ['records.hideUnseen', 'before', 'within', 'after'],
    ['connections.save', 'before', 'within', 'after'],
    ['effects.done', 'before pull', 'within pull', 'after pull'],
    ['session.ensureProperties', 'before'],
    ['audit.append', 'within'],
    ['session.ensureProperties', 'after'],
    ['receipts.begin', 'before', 'within', 'after'],
    ['session.readBack', 'before', 'after'],
    ['receipts.settle', 'before', 'within', 'after'],
    ['session.write', 'before', 'after'],
    ['session.readBack', 'before', 'after'],
    ['receipts.settle', 'within', 'after'],
    ['effects.done', 'before write_back', 'within write_back', 'after write_back'],
  ],
  [
    ['effects.add', 'within', 'after'],
    ['session.pull', 'before', 'after'],
    ['records.landPage', 'before', 'within', 'after'],
    ['effects.done', 'within pull'],
    ['snapshots.freeze', 'before', 'within'],
    ['snapshots.saveForecast', 'before', 'within', 'after'],
    ['effects.done', 'before snapshot', 'within snapshot', 'after snapshot'],
    ['digests.plan', 'before', 'within', 'within 2', 'after'],
    ['effects.done', 'before digest_plan', 'within digest_plan', 'after digest_plan'],
    ['digests.claim', 'before', 'within', 'after'],
    ['digests.handOver', 'before', 'within', 'after'],
    ['mailer.send', 'before', 'after'],
  ],
  [
    ['receipts.settle', 'before', 'within'],
    ['effects.done', 'within write_back'],
  ],
  [
    ['digests.close', 'before', 'within', 'after'],
    ['effects.done', 'before digest_send', 'within digest_send', 'after digest_send'],
  ],
  [
    ['session.write', 'after'],
    ['receipts.settle', 'after'],
  ],
];

/** For the gate before each merge: the steps at which something is said to the outside, and one per transaction of the inside. */
const SHORT: readonly (readonly Row[])[] = [
  [
    ['records.landDirectory', 'within'],
    ['records.landPage', 'within', 'after 4'],
    ['records.hideUnseen', 'within'],
    ['receipts.begin', 'after'],
    ['session.write', 'after'],
    ['receipts.settle', 'within'],
  ],
  [
    ['records.landPage', 'within'],
    ['snapshots.saveForecast', 'within'],
    ['effects.done', 'within snapshot'],
    ['digests.plan', 'within 2'],
    ['digests.claim', 'after'],
    ['digests.handOver', 'after'],
    ['mailer.send', 'after'],
    ['digests.close', 'after'],
  ],
];

export interface StepReport {
  readonly steps: number;
  readonly broken: readonly string[];
  readonly last: Findings | null;
  readonly seconds: number;
}

export async function dieAtEveryStep(
  form: 'short' | 'every',
  log: (line: string) => void,
): Promise<StepReport> {
  const startedMs = performance.now();
  const account = await openChaosAccount(0);
  const random = randomFrom(20_261_116);
  const broken: string[] = [];
  const interrupted = new Set<string>();
  let steps = 0;
  let last: Findings | null = null;
  const report = () => ({
    steps,
    broken,
    last,
    seconds: Math.round((performance.now() - startedMs) / 1_000),
  });
  try {
    for (const [round, rows] of (form === 'short' ? SHORT : EVERY).entries()) {
      if (round > 0) account.nextWeek(() => changeDeals(account, random, 40));
      const acceptedBefore = { ...account.sandbox.written().accepted };
      for (const crash of rows.flatMap(crashesOf)) {
        broken.push(...(await dieAt(account, crash, interrupted, log)));
        if (broken.length > 0) return report();
        steps += 1;
      }
      const end = await runProcess(account.order({ mode: 'alone' }), null);
      for (const id of end.left?.handingOver ?? []) interrupted.add(id);
      if (end.end !== 'done') broken.push(`round ${round + 1} did not complete: ${end.said}`);
      else {
        const facts = { changedMeanwhile: new Set<string>(), interruptedMails: interrupted, acceptedBefore };
        last = await checkRound(account, account.order().stateFile, facts);
        broken.push(...last.broken.map((text) => `round ${round + 1}: ${text}`));
      }
      if (broken.length > 0) return report();
    }
  } finally {
    await account.close();
  }
  return report();
}

/** "before pull" is about effects of that kind, "within 4" about the fourth call. */
function crashesOf([step, ...whens]: Row): CrashPoint[] {
  return whens.map((text) => {
    const [when, which] = text.split(' ') as [CrashPoint['when'], string | undefined];
    if (which === undefined) return { step, when };
    return /^\d+$/.test(which) ? { step, when, nth: Number(which) } : { step, when, kind: which };
  });
}

async function dieAt(
  account: ChaosAccount,
  crash: CrashPoint,
  interrupted: Set<string>,
  log: (line: string) => void,
): Promise<string[]> {
  const name = `${crash.when} ${crash.step}${crash.kind ? ` of ${crash.kind}` : ''}${crash.nth ? ` ${crash.nth}` : ''}`;
  const run = await runProcess(account.order({ mode: 'alone', crash }), null);
  for (const id of run.left?.handingOver ?? []) interrupted.add(id);
  log(`  ${run.end.padEnd(7)} ${name} (${Math.round(run.ms)} ms)`);
  if (run.end === 'killed') return [];
  return [run.end === 'done' ? `nobody came to: ${name}` : `${name}: ${run.said}`];
}
