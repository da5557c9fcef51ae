/** The CRM account and the mailbox, in the parent's process: they outlive every process that is killed, and remember everything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededCompany } from '../../sandbox/company/company.ts';
import { companySettingsYaml } from '../../sandbox/company/settings.ts';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { type MailSink, startMailSink } from '../../sandbox/mail/sink.ts';
import { playOn, worldAt } from '../../sandbox/world/script.ts';
import type { WorldScript } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { MondayOrder } from './order.ts';

export interface ChaosAccount {
  readonly folder: string;
  readonly sandbox: HubspotSandbox;
  readonly sink: MailSink;
  readonly world: World;
  /** Monday of the present round. */
  readonly asOf: () => Temporal.PlainDate;
  /** Values of ours that the CRM has taken so far. */
  readonly writesTaken: () => number;
  /** A week goes by: the company's own story goes on, and `people` change what they like; then an hour for the search index to catch up. */
  nextWeek(people: () => void): void;
  order(changes?: Partial<MondayOrder>): MondayOrder;
  close(): Promise<void>;
}

const FIRST_MONDAY = Temporal.PlainDate.from('2026-11-16');
const OPENS = Temporal.PlainTime.from('07:00');
const WEEK = Temporal.Duration.from({ hours: 7 * 24 - 1 });
const INDEX_HOUR = Temporal.Duration.from({ hours: 1 });

export async function openChaosAccount(latencyMs: number): Promise<ChaosAccount> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-chaos-'));
  const company = seededCompany({ locale: 'en', asOf: FIRST_MONDAY });
  const { script } = company;
  const companyFile = join(folder, 'company.yaml');
  writeFileSync(companyFile, companySettingsYaml(company));
  const startsAt = FIRST_MONDAY.toZonedDateTime({ timeZone: script.account.zone, plainTime: OPENS });
  // The machine's own clock, moved: parent and child then agree to the millisecond.
  const aheadMs = startsAt.epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
  const clock = { now: () => Temporal.Now.instant().add({ milliseconds: aheadMs }) };
  const world = worldAt(script, startsAt.toInstant());
  const sandbox = await startHubspotSandbox({ world, clock, latencyMs });
  const sink = await startMailSink();
  let writes = 0;
  world.onChange((change) => {
    if (change.source.kind === 'app') writes += 1;
  });
  let week = 0;
  const asOf = () => FIRST_MONDAY.add({ weeks: week });
  return {
    folder,
    sandbox,
    sink,
    world,
    asOf,
    writesTaken: () => writes,
    nextWeek: (people) => {
      letTimePass(sandbox, script, WEEK);
      people();
      sandbox.advance(INDEX_HOUR);
      week += 1;
    },
    order: (changes = {}) => ({
      dataDir: join(folder, 'data'),
      account: { baseUrl: sandbox.url, token: sandbox.token },
      smtpUrl: sink.url,
      companyFile,
      shiftMs: sandbox.clock.nowMs() - Temporal.Now.instant().epochMilliseconds,
      asOf: asOf().toString(),
      key: `monday/${asOf()}`,
      stateFile: join(folder, 'state.json'),
      mode: 'workers',
      crash: null,
      ...changes,
    }),
    close: async () => {
      await sandbox.close();
      await sink.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function letTimePass(sandbox: HubspotSandbox, script: WorldScript, duration: Temporal.Duration): void {
  const from = sandbox.clock.now();
  sandbox.advance(duration);
  playOn(sandbox.world, script, from, sandbox.clock.now());
}
