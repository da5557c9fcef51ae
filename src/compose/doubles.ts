/** The local CRM and the local mailbox of the demo: a world, one of two faces, and the company file that belongs to it. */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { seededCompany } from '../../sandbox/company/company.ts';
import { companySettingsYaml } from '../../sandbox/company/settings.ts';
import { type HubspotSandbox, startHubspotSandbox } from '../../sandbox/hubspot/server.ts';
import { scriptFromLog } from '../../sandbox/logs/log-world.ts';
import { readLog } from '../../sandbox/logs/read-log.ts';
import { startMailSink } from '../../sandbox/mail/sink.ts';
import { type PipedriveSandbox, startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { playOn, worldAt } from '../../sandbox/world/script.ts';
import type { WorldScript } from '../../sandbox/world/types.ts';
import type { MailSinkHandle, SandboxHandle, SandboxOptions } from '../cli/app.ts';
import { systemClock } from '../clock.ts';
import { dateIn, mondayOf } from '../core/values/calendar.ts';

interface Scene {
  readonly script: WorldScript;
  readonly companyYaml: string;
  readonly asOf: Temporal.PlainDate;
  readonly startsAt: Temporal.Instant;
}

/** An installed app's access token: Pipedrive allows it four times the calls per second of a personal one. */
const OAUTH_TOKEN = 'v1u:sandbox-access-token-of-an-installed-app';

/** Managers read their mail at eight; a log is looked at at its midnight, when nothing of the day has happened. */
const COMPANY_OPENS = Temporal.PlainTime.from('07:00');

export async function startSandbox(options: SandboxOptions): Promise<SandboxHandle> {
  const scene = options.log === null ? companyScene(options) : logScene(options.log, options);
  const world = worldAt(scene.script, scene.startsAt);
  const { port, latencyMs, journalFile } = options;
  const { zone } = scene.script.account;
  const common = {
    world,
    ...(port === undefined ? {} : { port }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(journalFile === undefined ? {} : { journalFile }),
  };
  const sandbox =
    options.crm === 'hubspot'
      ? hubspotFace(await startHubspotSandbox(common))
      : pipedriveFace(
          await startPipedriveSandbox({
            ...common,
            tokens: { [OAUTH_TOKEN]: ['*'] },
            limits: { burstSpeed: options.burstSpeed ?? 1 },
          }),
        );
  return {
    url: sandbox.url,
    token: sandbox.token,
    crm: options.crm,
    startsAt: scene.startsAt,
    clock: sandbox.clock,
    asOf: scene.asOf,
    companyYaml:
      options.crm === 'hubspot' ? scene.companyYaml : stagesByLabel(scene.companyYaml, scene.script),
    advance: (duration) => sandbox.advance(duration),
    liveOneWeek: () => {
      const from = sandbox.clock.now();
      // By the wall clock: a week in which the clocks change is an hour longer or shorter.
      const until = from.toZonedDateTimeISO(zone).add({ weeks: 1 }).toInstant();
      const week = from.until(until);
      sandbox.advance(week);
      playOn(world, scene.script, from, until);
      return week;
    },
    summary: sandbox.summary,
    close: sandbox.close,
  };
}

/** Pipedrive numbers its stages itself: there a company file names them by label. */
export function stagesByLabel(companyYaml: string, script: Pick<WorldScript, 'pipelines'>): string {
  const labels = new Map(
    script.pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, stage.label])),
  );
  const content = parse(companyYaml) as { stages: Record<string, string> };
  const stages = Object.entries(content.stages).map(([id, meaning]) => [labels.get(id) ?? id, meaning]);
  return stringify({ ...content, stages: Object.fromEntries(stages) });
}

type Face = Pick<SandboxHandle, 'url' | 'token' | 'clock' | 'advance' | 'summary' | 'close'>;

function hubspotFace(sandbox: HubspotSandbox): Face {
  return {
    ...sandbox,
    summary: () => {
      const { calls, byLane, byPath, rateLimited, buckets } = sandbox.summary();
      const shares = Object.entries(buckets).map(
        ([name, use]) => [name, (use.sharePercent ?? 0) / 100] as const,
      );
      return {
        calls,
        callsByLane: byLane,
        callsByPath: byPath,
        rateLimited,
        peakShareByBucket: Object.fromEntries(shares),
        valuesWritten: sandbox.written().total,
      };
    },
  };
}

/** Pipedrive counts tokens: shown as the share of the day, and the calls by path in place of lanes. */
function pipedriveFace(sandbox: PipedriveSandbox): Face {
  return {
    ...sandbox,
    summary: () => {
      const { calls, byPath, rateLimited, tokens, tokensToday, dailyTokens } = sandbox.summary();
      return {
        calls,
        tokens,
        callsByLane: byPath,
        callsByPath: byPath,
        rateLimited,
        peakShareByBucket: { 'daily tokens': tokensToday / dailyTokens },
        valuesWritten: sandbox.written().total,
      };
    },
  };
}

function companyScene({ locale, asOf: wanted, weeksBefore = 0 }: SandboxOptions): Scene {
  const asOf = wanted ?? mondayOf(dateIn('UTC', systemClock.now()));
  const company = seededCompany({ locale, asOf });
  const { script } = company;
  const { zone } = script.account;
  return {
    script,
    companyYaml: companySettingsYaml(company),
    asOf,
    startsAt: asOf
      .subtract({ weeks: weeksBefore })
      .toZonedDateTime({ timeZone: zone, plainTime: COMPANY_OPENS })
      .toInstant(),
  };
}

/** Without a day: the day after the last event. */
function logScene(
  folder: string,
  { asOf: wanted, weeksBefore = 0 }: Pick<SandboxOptions, 'asOf' | 'weeksBefore'>,
): Scene {
  const log = readLog(folder);
  const { zone } = log.mapping;
  const lastMs = log.stages.reduce((latest, stage) => Math.max(latest, stage.atMs), 0);
  const asOf =
    wanted ??
    Temporal.Instant.fromEpochMilliseconds(lastMs).toZonedDateTimeISO(zone).toPlainDate().add({ days: 1 });
  return {
    script: scriptFromLog(log),
    companyYaml: readFileSync(log.mappingFile, 'utf8'),
    asOf,
    startsAt: asOf.subtract({ weeks: weeksBefore }).toZonedDateTime(zone).toInstant(),
  };
}

export async function startMailSinkFor(folder: string): Promise<MailSinkHandle> {
  const sink = await startMailSink({ folder });
  return {
    url: sink.url,
    folder,
    count: () => sink.mails.length,
    files: () => sink.mails.flatMap((mail) => mail.file ?? []),
    close: sink.close,
  };
}
