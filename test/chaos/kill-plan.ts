/** When to kill: by time, and by what the process has got done, so that every phase of a run is met. All from one seed. */
import type { ChaosAccount } from './account.ts';
import type { Trigger } from './run-process.ts';

export interface PlannedKill {
  /** For the printout. */
  readonly name: string;
  /** Sets the scene in the account and returns the trigger; asked once the process is about to start. */
  arm(account: ChaosAccount): Trigger;
  /** Takes the scene away again. */
  disarm(account: ChaosAccount): void;
}

type Random = () => number;

/** Kills of one round, in the order of a run: those of its beginning first, or the later ones would have nothing left to interrupt. */
export function killsOfRound(random: Random, firstRound: boolean): readonly PlannedKill[] {
  const calls = firstRound ? 45 : 12;
  const ending = [duringMail(random), duringWrite(random), afterStep('write_back', random)];
  return [
    atTime(random() * (firstRound ? 6_000 : 3_000)),
    afterCalls(1 + Math.floor(random() * calls)),
    random() < 0.5 ? afterCalls(1 + Math.floor(random() * calls)) : afterStep('pull', random),
    afterStep('snapshot', random),
    ...ending.sort(() => random() - 0.5).slice(0, 2),
  ];
}

function atTime(killMs: number): PlannedKill {
  return {
    name: `${Math.round(killMs)} ms`,
    arm: () => (sinceMs) => sinceMs >= killMs,
    disarm: nothing,
  };
}

function afterCalls(calls: number): PlannedKill {
  return {
    name: `call ${calls}`,
    arm: ({ sandbox }) => {
      const from = sandbox.journal.entries().length;
      return () => sandbox.journal.entries(from + calls).length > 0;
    },
    disarm: nothing,
  };
}

/** Up to a fifth of a second after a job told its progress. */
function afterStep(job: string, random: Random): PlannedKill {
  const delayMs = random() * 200;
  return {
    name: `${job} + ${Math.round(delayMs)} ms`,
    arm: () => {
      const due = later(delayMs);
      return (sinceMs, steps) => due(sinceMs, steps.includes(job));
    },
    disarm: nothing,
  };
}

/** Half of them while the CRM has taken the write and its answer is still on the way. */
function duringWrite(random: Random): PlannedKill {
  const slow = random() < 0.5;
  const delayMs = slow ? random() * 200 : random() * 30;
  return {
    name: `write ${slow ? 'unanswered' : 'taken'} + ${Math.round(delayMs)} ms`,
    arm: ({ slowWrites, writesTaken }) => {
      if (slow) slowWrites();
      const before = writesTaken();
      const due = later(delayMs);
      return (sinceMs) => due(sinceMs, writesTaken() > before);
    },
    disarm: ({ calm }) => calm(),
  };
}

/** Half of them while the mail server has the mail and has not said so. */
function duringMail(random: Random): PlannedKill {
  const silent = random() < 0.5;
  const delayMs = random() * (silent ? 100 : 20);
  return {
    name: `mail ${silent ? 'unanswered' : 'taken'} + ${Math.round(delayMs)} ms`,
    arm: ({ sink }) => {
      if (silent) sink.faults.set({ at: 'accepted', act: 'hang', times: 1 });
      const before = sink.mails.length;
      const due = later(delayMs);
      return (sinceMs) => due(sinceMs, sink.mails.length > before);
    },
    disarm: ({ sink }) => sink.faults.clear(),
  };
}

/** True `delayMs` after `seen` was true for the first time. */
function later(delayMs: number): (sinceMs: number, seen: boolean) => boolean {
  let seenAtMs: number | null = null;
  return (sinceMs, seen) => {
    if (seen) seenAtMs ??= sinceMs;
    return seenAtMs !== null && sinceMs >= seenAtMs + delayMs;
  };
}

function nothing(): void {}
