/** The CRM account and the mailbox, in the parent's process: they outlive every process that is killed, and remember everything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededCompany } from '../../sandbox/company/company.ts';
import { companySettingsYaml } from '../../sandbox/company/settings.ts';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { type MailSink, startMailSink } from '../../sandbox/mail/sink.ts';
import { startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { playOn, worldAt } from '../../sandbox/world/script.ts';
import type { WorldScript } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import { parseCompanyFile } from '../../src/cli/company-file.ts';
import { stagesByLabel } from '../../src/compose/doubles.ts';
import type { MilestoneModel } from '../../src/core/milestones/milestone.ts';
import type { CrmKind } from '../../src/core/values/crm.ts';
import type { MondayOrder, StoreState } from './order.ts';
import { hubspotTruth, pipedriveTruth, type Truth } from './truth.ts';

/** What both local CRMs offer. */
interface ChaosCrm extends Pick<HubspotSandbox, 'url' | 'token' | 'world' | 'clock' | 'advance' | 'close'> {
  readonly edit: Pick<HubspotSandbox['edit'], 'set' | 'create' | 'archive' | 'merge'>;
  readonly journal: { entries(fromSeq?: number): readonly unknown[] };
  written(): { readonly accepted: Readonly<Record<string, number>>; readonly doubled: readonly unknown[] };
}

export interface ChaosAccount {
  readonly folder: string;
  readonly crm: CrmKind;
  readonly sandbox: ChaosCrm;
  readonly sink: MailSink;
  readonly world: World;
  /** Monday of the present round. */
  readonly asOf: () => Temporal.PlainDate;
  /** Values of ours that the CRM has taken so far. */
  readonly writesTaken: () => number;
  /** Under which id the CRM shows a deal of the world. */
  readonly dealId: (worldId: string) => string;
  /** The CRM takes writes at once and answers late, until `calm`. */
  slowWrites(): void;
  calm(): void;
  /** What the store must hold now. */
  truth(state: StoreState): Promise<Truth>;
  /** A week goes by: the company's own story goes on, and `people` change what they like; then an hour for the search index to catch up. */
  nextWeek(people: () => void): void;
  order(changes?: Partial<MondayOrder>): MondayOrder;
  close(): Promise<void>;
}

const FIRST_MONDAY = Temporal.PlainDate.from('2026-11-16');
const OPENS = Temporal.PlainTime.from('07:00');
const WEEK = Temporal.Duration.from({ hours: 7 * 24 - 1 });
const INDEX_HOUR = Temporal.Duration.from({ hours: 1 });

export async function openChaosAccount(latencyMs: number, crm: CrmKind = 'hubspot'): Promise<ChaosAccount> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-chaos-'));
  const company = seededCompany({ locale: 'en', asOf: FIRST_MONDAY });
  const { script } = company;
  const companyFile = join(folder, 'company.yaml');
  const yaml = companySettingsYaml(company);
  writeFileSync(companyFile, crm === 'hubspot' ? yaml : stagesByLabel(yaml, script));
  const startsAt = FIRST_MONDAY.toZonedDateTime({ timeZone: script.account.zone, plainTime: OPENS });
  // The machine's own clock, moved: parent and child then agree to the millisecond.
  const aheadMs = startsAt.epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
  const clock = { now: () => Temporal.Now.instant().add({ milliseconds: aheadMs }) };
  const world = worldAt(script, startsAt.toInstant());
  const face = await FACES[crm]({ world, clock, latencyMs }, modelOf(yaml));
  const { sandbox } = face;
  const sink = await startMailSink();
  let writes = 0;
  world.onChange((change) => {
    if (change.source.kind === 'app') writes += 1;
  });
  let week = 0;
  const asOf = () => FIRST_MONDAY.add({ weeks: week });
  return {
    ...face,
    folder,
    crm,
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
      crm,
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

type Face = Pick<ChaosAccount, 'sandbox' | 'dealId' | 'slowWrites' | 'calm' | 'truth'>;
type Start = Pick<Parameters<typeof startHubspotSandbox>[0], 'world' | 'clock' | 'latencyMs'>;

const SLOW_MS = 600;
const APP_TOKEN = 'v1u:sandbox-access-token-of-an-installed-app';

const FACES: Readonly<Record<CrmKind, (start: Start, model: MilestoneModel) => Promise<Face>>> = {
  hubspot: async (start) => {
    const sandbox = await startHubspotSandbox(start);
    return {
      sandbox,
      dealId: (worldId) => worldId,
      slowWrites: () =>
        void sandbox.faults.add({ kind: 'slow', lane: 'write', path: 'batch/update', delayMs: SLOW_MS }),
      calm: () => sandbox.faults.clear(),
      truth: async () => hubspotTruth(sandbox),
    };
  },
  pipedrive: async (start, model) => {
    // A history costs a call per deal: the clock of the burst limit runs faster, the kills are what is tested.
    const limits = { burstSpeed: 20 };
    const sandbox = await startPipedriveSandbox({ ...start, limits, tokens: { [APP_TOKEN]: ['*'] } });
    return {
      sandbox,
      dealId: (worldId) => sandbox.idOf('deal', worldId),
      slowWrites: () => void sandbox.faults.add({ kind: 'slow', method: 'PATCH', delayMs: SLOW_MS }),
      calm: () => sandbox.faults.clear(),
      truth: (state) => pipedriveTruth(sandbox, model, state),
    };
  },
};

function modelOf(companyYaml: string): MilestoneModel {
  const parsed = parseCompanyFile(companyYaml, 'en');
  if (!parsed.ok) throw new Error('the company file of the sandbox is not valid');
  return parsed.value.model;
}

function letTimePass(sandbox: ChaosCrm, script: WorldScript, duration: Temporal.Duration): void {
  const from = sandbox.clock.now();
  sandbox.advance(duration);
  playOn(sandbox.world, script, from, sandbox.clock.now());
}
