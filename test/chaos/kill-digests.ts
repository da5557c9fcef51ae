/** Three schedulers on one database, killed at random points of a Monday, again and again: every manager has one mail, or a reason. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DigestRow, DigestState } from '../../src/ports/digest-store.ts';
import { randomFrom } from '../support/random.ts';
import { type DigestCompany, openDigestCompany } from './digest-company.ts';

const PROGRAM = join(import.meta.dirname, 'digest-process.ts');
const SCHEDULERS = 3;
const MANAGERS = 12;
const LOOK_MS = 2;
/** After its last mail, or without any, a process is killed all the same. */
const PATIENCE_MS = 3_000;
/** Longer than every lease: nobody is alive when the clock is put on, so that what a dead process held is free. */
const BETWEEN = { minutes: 3 };
const ENDED: readonly DigestState[] = ['sent', 'uncertain', 'failed', 'skipped'];

export interface DigestKillReport {
  readonly seed: number;
  readonly kills: number;
  readonly mondays: number;
  readonly managers: number;
  readonly sent: number;
  readonly uncertain: number;
  /** Kills by what the process had in hand: a mail at the server, a claimed digest, or nothing. */
  readonly atServer: number;
  readonly claimed: number;
  readonly broken: readonly string[];
  readonly seconds: number;
}

export async function killDigests(
  kills: number,
  seed: number,
  log: (line: string) => void,
): Promise<DigestKillReport> {
  const startedMs = performance.now();
  const place = await openDigestCompany(MANAGERS);
  const lane = new KillLane(place, randomFrom(seed), kills, log);
  try {
    await lane.mondays();
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    return { seed, managers: MANAGERS, ...lane.figures(), seconds };
  } finally {
    await place.close();
  }
}

class KillLane {
  readonly #place: DigestCompany;
  readonly #random: () => number;
  readonly #wanted: number;
  readonly #log: (line: string) => void;
  readonly #broken: string[] = [];
  /** Digests that a kill has met at the mail server. */
  readonly #caught = new Set<string>();
  #kills = 0;
  #mondays = 0;
  #atServer = 0;
  #claimed = 0;
  #sent = 0;
  #uncertain = 0;

  constructor(place: DigestCompany, random: () => number, wanted: number, log: (line: string) => void) {
    this.#place = place;
    this.#random = random;
    this.#wanted = wanted;
    this.#log = log;
  }

  figures() {
    return {
      kills: this.#kills,
      mondays: this.#mondays,
      sent: this.#sent,
      uncertain: this.#uncertain,
      atServer: this.#atServer,
      claimed: this.#claimed,
      broken: this.#broken,
    };
  }

  async mondays(): Promise<void> {
    do {
      const isoWeek = await this.#place.nextMonday();
      const killsBefore = this.#kills;
      while (this.#kills < this.#wanted && !(await this.#isOver(isoWeek))) await this.#generation(isoWeek);
      await this.#untilOver(isoWeek);
      this.#mondays += 1;
      await this.#check(isoWeek, this.#kills - killsBefore);
    } while (this.#kills < this.#wanted && this.#broken.length === 0);
  }

  async #rows(isoWeek: string): Promise<readonly DigestRow[]> {
    return (await this.#place.company.rows()).filter((row) => row.isoWeek === isoWeek);
  }

  async #isOver(isoWeek: string): Promise<boolean> {
    return (await this.#rows(isoWeek)).every((row) => ENDED.includes(row.state));
  }

  /** Three processes start together and each is killed at a point of its own; then the clock goes on. */
  async #generation(isoWeek: string): Promise<void> {
    const { sink, company } = this.#place;
    const wanted = Math.min(SCHEDULERS, this.#wanted - this.#kills);
    // Some of the kills meet a mail that the server has taken without a word.
    if (this.#random() < 0.4)
      sink.faults.set({ at: 'accepted', act: 'hang', times: 1 + Math.floor(this.#random() * 2) });
    const before = sink.mails.length;
    const processes = await Promise.all(Array.from({ length: SCHEDULERS }, () => this.#start()));
    const points = processes.map((_, index) => (index < wanted ? this.#point(before) : null));
    await Promise.all(processes.map((child, index) => killAt(child, points[index] ?? patience())));
    sink.faults.clear();
    this.#kills += wanted;
    const rows = await this.#rows(isoWeek);
    const count = (state: DigestState) => rows.filter((row) => row.state === state).length;
    // What an earlier generation left may still lie there: only the new ones are of these processes.
    const caught = rows.filter(({ id, state }) => state === 'handing_over' && !this.#caught.has(id));
    for (const { id } of caught) this.#caught.add(id);
    this.#atServer += caught.length;
    this.#claimed += count('claimed');
    if (caught.length > SCHEDULERS)
      this.#broken.push(`${isoWeek}: ${caught.length} mails at the server of ${SCHEDULERS} processes`);
    company.now = company.now.add(BETWEEN);
    await this.#place.forgetRings();
    this.#log(
      `  ${isoWeek}: ${wanted} kills, ${sink.mails.length - before} mails; ${caught.length} caught at the server, ${count('claimed')} claimed, ${count('planned')} still planned`,
    );
  }

  /** Before the first mail, or a moment after one of the next. */
  #point(mailsBefore: number): () => boolean {
    const delayMs = this.#random() * 25;
    const mails = Math.floor(this.#random() * 7);
    const { sink } = this.#place;
    const startedMs = performance.now();
    let seenMs: number | null = null;
    return () => {
      const nowMs = performance.now();
      if (sink.mails.length - mailsBefore >= mails) seenMs ??= nowMs;
      // Without a mail to wait for: somewhere in the first second of its work.
      const wait = mails === 0 ? delayMs * 40 : delayMs;
      return (seenMs !== null && nowMs - seenMs >= wait) || nowMs - startedMs > PATIENCE_MS;
    };
  }

  async #start(): Promise<ChildProcess> {
    const { databaseUrl, sink, folder, company } = this.#place;
    const aheadMs = company.now.epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
    const child = spawn(process.execPath, [PROGRAM, databaseUrl, sink.url, folder, String(aheadMs)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
    });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const opened = once(child.stdout ?? child, 'data');
    const ended = once(child, 'close').then(() => {
      throw new Error(`a process ended by itself: ${said.slice(0, 2_000)}`);
    });
    await Promise.race([opened, ended]);
    ended.catch(() => undefined);
    return child;
  }

  /** Nobody is killed any more: what was left behind is brought to its end by those who come after. */
  async #untilOver(isoWeek: string): Promise<void> {
    for (let round = 0; round < 12 && !(await this.#isOver(isoWeek)); round += 1) {
      const processes = await Promise.all(Array.from({ length: SCHEDULERS }, () => this.#start()));
      const untilMs = performance.now() + PATIENCE_MS;
      while (performance.now() < untilMs && !(await this.#isOver(isoWeek))) await pause(50);
      await Promise.all(processes.map((child) => stop(child)));
      this.#place.company.now = this.#place.company.now.add({ minutes: 20 });
      await this.#place.forgetRings();
    }
  }

  async #check(isoWeek: string, kills: number): Promise<void> {
    const rows = await this.#rows(isoWeek);
    const { sink } = this.#place;
    const copies = new Map<string, number>();
    for (const { headers } of sink.mails) {
      const id =
        /^<digest\.([^@]+)@/.exec(headers.find(({ name }) => name === 'message-id')?.value ?? '')?.[1] ?? '';
      copies.set(id, (copies.get(id) ?? 0) + 1);
    }
    const broken = (text: string) => this.#broken.push(`${isoWeek}: ${text}`);
    if (rows.length !== MANAGERS) broken(`${rows.length} rows for ${MANAGERS} managers`);
    if (new Set(rows.map((row) => row.managerId)).size !== rows.length) broken('a manager has two rows');
    for (const { id, state, reason } of rows) {
      const arrived = copies.get(id) ?? 0;
      if (arrived > 1) broken(`digest ${id} arrived ${arrived} times`);
      if (state === 'sent' && arrived !== 1) broken(`digest ${id} is sent and ${arrived} arrived`);
      if (state !== 'sent' && (state !== 'uncertain' || reason === null))
        broken(`digest ${id} is ${state}, reason ${reason}`);
    }
    const uncertain = rows.filter((row) => row.state === 'uncertain').length;
    for (const { id, state } of rows)
      if (state === 'uncertain' && !this.#caught.has(id))
        broken(`digest ${id} is uncertain and no kill met it`);
    if (uncertain > kills) broken(`${uncertain} uncertain after ${kills} kills`);
    this.#uncertain += uncertain;
    this.#sent += rows.length - uncertain;
    this.#log(`  ${isoWeek} over: ${rows.length - uncertain} sent, ${uncertain} uncertain`);
  }
}

async function killAt(child: ChildProcess, isTime: () => boolean): Promise<void> {
  while (!isTime()) await pause(LOOK_MS);
  await stop(child);
}

function patience(): () => boolean {
  const untilMs = performance.now() + PATIENCE_MS;
  return () => performance.now() > untilMs;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

export function summaryOf(report: DigestKillReport): string[] {
  const { kills, mondays, managers, sent, uncertain, atServer, claimed, broken, seed, seconds } = report;
  return [
    `kill -9 at ${kills} points of ${SCHEDULERS} schedulers on one Postgres, seed ${seed}: ${mondays} Mondays of ${managers} managers, ${seconds} s`,
    `  ${sent} sent once, ${uncertain} uncertain with their reason, broken promises ${broken.length}`,
    `  kills met ${atServer} mails at the server and ${claimed} claimed digests`,
    ...broken.slice(0, 20).map((text) => `  BROKEN ${text}`),
  ];
}
