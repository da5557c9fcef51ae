/** Rounds of one Monday run each, killed again and again until it completes, then compared with the account. */
import type { CrmKind } from '../../src/core/values/crm.ts';
import { randomFrom } from '../support/random.ts';
import { type ChaosAccount, openChaosAccount } from './account.ts';
import { checkRound, type Findings } from './checker.ts';
import { killsOfRound, type PlannedKill } from './kill-plan.ts';
import type { LeftBehind } from './order.ts';
import { changeDeals, changeValues } from './people.ts';
import { type RunEnd, runProcess } from './run-process.ts';

export interface ChaosReport {
  readonly seed: number;
  readonly kills: number;
  readonly rounds: number;
  /** Starts that found work of a dead process: a lease, a write without an end, a mail half handed over. */
  readonly recoveries: number;
  readonly killsByPhase: Readonly<Record<string, number>>;
  readonly broken: readonly string[];
  readonly last: Findings;
  readonly seconds: number;
}

/** A CRM on the same machine answers too fast to be interrupted. */
const LATENCY_MS = 10;
const EDITS_BETWEEN = 40;
const NOTHING_FOUND: Findings = { broken: [], deals: 0, values: 0, sent: 0, uncertain: 0 };

export async function killAnywhere(
  kills: number,
  seed: number,
  log: (line: string) => void,
  crm: CrmKind = 'hubspot',
): Promise<ChaosReport> {
  const startedMs = performance.now();
  const account = await openChaosAccount(LATENCY_MS, crm);
  const chaos = new Chaos(account, randomFrom(seed), kills, log);
  try {
    const last = await chaos.rounds();
    return { ...chaos.figures(), seed, last, seconds: Math.round((performance.now() - startedMs) / 1_000) };
  } finally {
    await account.close();
  }
}

class Chaos {
  readonly #account: ChaosAccount;
  readonly #random: () => number;
  readonly #wanted: number;
  readonly #log: (line: string) => void;
  readonly #broken: string[] = [];
  readonly #phases = new Map<string, number>();
  readonly #interruptedMails = new Set<string>();
  #changedMeanwhile = new Set<string>();
  #kills = 0;
  #rounds = 0;
  #recoveries = 0;
  /** Kills of which no later start has told yet what they interrupted. */
  #unexplained = 0;

  constructor(account: ChaosAccount, random: () => number, wanted: number, log: (line: string) => void) {
    this.#account = account;
    this.#random = random;
    this.#wanted = wanted;
    this.#log = log;
  }

  figures() {
    return {
      kills: this.#kills,
      rounds: this.#rounds,
      recoveries: this.#recoveries,
      killsByPhase: Object.fromEntries([...this.#phases].sort()),
      broken: this.#broken,
    };
  }

  async rounds(): Promise<Findings> {
    let found = NOTHING_FOUND;
    do {
      if (this.#rounds > 0)
        this.#account.nextWeek(() => changeDeals(this.#account, this.#random, EDITS_BETWEEN));
      found = await this.#round();
      this.#rounds += 1;
      this.#broken.push(...found.broken.map((text) => `round ${this.#rounds}: ${text}`));
    } while (this.#kills < this.#wanted && this.#broken.length === 0);
    return found;
  }

  async #round(): Promise<Findings> {
    const acceptedBefore = { ...this.#account.sandbox.written().accepted };
    this.#changedMeanwhile = new Set();
    const done = await this.#killUntilDone();
    const order = this.#account.order();
    const end = done ? null : await this.#run(null);
    if (end !== null && end.end !== 'done')
      return { ...NOTHING_FOUND, broken: [`the run did not complete: ${end.end} ${end.said}`] };
    const { sent, uncertain, ...found } = await checkRound(this.#account, order.stateFile, {
      changedMeanwhile: this.#changedMeanwhile,
      interruptedMails: this.#interruptedMails,
      acceptedBefore,
    });
    this.#log(
      `  round ${this.#rounds + 1} complete: ${found.deals} deals, ${sent} mails, ${uncertain} uncertain`,
    );
    return { ...found, sent, uncertain };
  }

  /** True when a run got through before its kill. */
  async #killUntilDone(): Promise<boolean> {
    for (const kill of killsOfRound(this.#random, this.#rounds === 0)) {
      if (this.#kills >= this.#wanted) return false;
      const run = await this.#run(kill);
      this.#log(`  ${kill.name.padEnd(28)} ${run.end} after ${Math.round(run.ms)} ms`);
      if (run.end === 'done') return true;
      if (run.end === 'failed') {
        this.#broken.push(`round ${this.#rounds + 1}: ${run.said}`);
        return false;
      }
      this.#kills += 1;
      this.#unexplained += 1;
      if (this.#random() < 0.3) this.#changeMeanwhile();
    }
    return false;
  }

  #changeMeanwhile(): void {
    for (const id of changeValues(this.#account, this.#random, 2)) this.#changedMeanwhile.add(id);
  }

  async #run(kill: PlannedKill | null): Promise<RunEnd> {
    const trigger = kill?.arm(this.#account) ?? null;
    try {
      const run = await runProcess(this.#account.order(), trigger);
      if (run.left !== null) this.#explain(run.left);
      return run;
    } finally {
      kill?.disarm(this.#account);
    }
  }

  /** The first kill since the last look interrupted what is found; those after it died before they could look. */
  #explain(left: LeftBehind): void {
    for (const id of left.handingOver) this.#interruptedMails.add(id);
    const phase = phaseOf(left);
    if (this.#unexplained > 0 && phase.interrupted) this.#recoveries += 1;
    for (; this.#unexplained > 0; this.#unexplained -= 1)
      this.#count(this.#unexplained === 1 ? phase.name : 'start of the process');
  }

  #count(phase: string): void {
    this.#phases.set(phase, (this.#phases.get(phase) ?? 0) + 1);
  }
}

function phaseOf(left: LeftBehind): { readonly name: string; readonly interrupted: boolean } {
  const held = (name: string) => ({ name, interrupted: true });
  if (left.handingOver.length > 0) return held('mail, between hand-over and answer');
  if (left.unsettled > 0) return held('write-back, between begun and settled');
  if (left.composing > 0) return held('mail, while composed');
  const [kind] = left.claimed;
  if (kind !== undefined) return held(`${kind}`);
  if (left.round === null) return { name: 'start of the process', interrupted: false };
  return left.pending > 0
    ? { name: 'between two jobs', interrupted: true }
    : { name: 'after the last job', interrupted: false };
}

export function summaryOf(report: ChaosReport): string[] {
  const { kills, rounds, recoveries, last, killsByPhase, broken, seed, seconds } = report;
  return [
    `kill -9 at ${kills} points, seed ${seed}: ${rounds} rounds, ${recoveries} recoveries, ${seconds} s`,
    `  deals equal ${last.deals}, values equal ${last.values}, mails sent ${last.sent}, uncertain ${last.uncertain}, broken promises ${broken.length}`,
    ...Object.entries(killsByPhase).map(([phase, count]) => `  ${String(count).padStart(4)}  ${phase}`),
    ...broken.slice(0, 20).map((text) => `  BROKEN ${text}`),
  ];
}
