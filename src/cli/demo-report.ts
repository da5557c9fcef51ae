/** What the demo prints: every figure is read back from the store, the CRM or the mailbox, none is counted on the way. */
import type { Exclusion, ForecastSummary } from '../core/forecast/forecast-types.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { DigestRow } from '../ports/digest-store.ts';
import type { MailSinkHandle, SandboxHandle, SandboxSummary, Services } from './app.ts';
import { countByCode } from './by-code.ts';
import type { ExitCode } from './exit-codes.ts';
import { percent } from './figures.ts';
import { summaryLines } from './forecast.ts';
import { say } from './messages.ts';
import { labelled } from './terminal.ts';

export interface DemoRun {
  readonly exit: ExitCode;
  readonly calls: number;
  readonly callsByLane: Readonly<Record<string, number>>;
  readonly values: number;
}

export interface DemoReport {
  readonly asOf: string;
  readonly deals: {
    readonly present: number;
    readonly stageEntries: number;
    readonly open: number;
    readonly won: number;
    readonly lost: number;
    readonly unmapped: number;
  };
  readonly calls: number;
  readonly callsByLane: Readonly<Record<string, number>>;
  readonly rejections: number;
  readonly rejectionsByCode: Readonly<Record<string, number>>;
  readonly exclusions: readonly { readonly reason: Exclusion; readonly deals: number }[];
  readonly summary: ForecastSummary;
  readonly written: { readonly values: number; readonly deals: number; readonly refused: number };
  readonly mails: number;
  readonly seconds: number;
  readonly peakMb: number;
  readonly floorMb: number;
  /** How many times as fast the local CRM counts its limit of calls per second; 1: as the vendor does. */
  readonly burstSpeed: number;
  readonly again: { readonly calls: number; readonly writes: number; readonly mails: number };
  readonly account: SandboxSummary;
  readonly url: string;
  readonly mailFolder: string;
  readonly journal: string;
}

export interface ReportSources {
  readonly services: Services;
  readonly connection: ConnectionRow;
  readonly account: SandboxHandle;
  readonly mails: MailSinkHandle;
  readonly first: DemoRun;
  readonly again: DemoReport['again'];
  /** From the start of the program to the start of the account's clock. */
  readonly untilSandboxMs: number;
  /** Weeks that passed in the account without anybody waiting for them. */
  readonly livedMs: number;
  readonly floorMb: number;
  readonly burstSpeed: number;
  readonly url: string;
  readonly folder: string;
}

/** Pipedrive's largest plan, an installed app. */
const APP_CALLS_PER_SECOND = 240;

export async function readReport(sources: ReportSources): Promise<DemoReport> {
  const { services, connection, account, mails, first } = sources;
  const stored = await services.store.inTenant(services.tenantId, async (tenant) => {
    const header = await tenant.snapshots.latest(connection.id);
    if (header === null) throw new Error('the Monday run left no snapshot');
    const company = (await tenant.snapshots.forecasts(header.id)).find(
      (forecast) => forecast.managerId === null,
    );
    if (company === undefined) throw new Error('the snapshot has no forecast');
    return {
      summary: company.summary,
      standings: company.standings,
      counts: await tenant.records.dealCounts(connection.id),
      rejections: await tenant.records.rejections(connection.id),
      written: (await tenant.receipts.acknowledged(connection.id)).size,
      refused: (await tenant.receipts.refusals(connection.id)).length,
      lastMailMs: lastMailMs(await tenant.digests.list(connection.id), account.startsAt),
    };
  });
  return {
    asOf: account.asOf.toString(),
    deals: { present: stored.counts.present, stageEntries: stored.counts.stageEntries, ...stored.standings },
    calls: first.calls,
    callsByLane: first.callsByLane,
    rejections: stored.rejections.length,
    rejectionsByCode: countByCode(stored.rejections),
    exclusions: stored.summary.exclusions,
    summary: stored.summary,
    written: { values: first.values, deals: stored.written, refused: stored.refused },
    mails: mails.count(),
    seconds: Math.round((sources.untilSandboxMs + stored.lastMailMs - sources.livedMs) / 100) / 10,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    floorMb: sources.floorMb,
    burstSpeed: sources.burstSpeed,
    again: sources.again,
    account: account.summary(),
    url: sources.url,
    mailFolder: mails.folder,
    journal: `${sources.folder}/crm-journal.jsonl`,
  };
}

/** Until the last digest was accepted, by the account's clock, which runs at the speed of the real one. */
function lastMailMs(rows: readonly DigestRow[], startsAt: Temporal.Instant): number {
  const sent = rows.flatMap(({ sentAt }) =>
    sentAt === null ? [] : [sentAt.since(startsAt).total('millisecond')],
  );
  return Math.max(0, ...sent);
}

export function reportLines(report: DemoReport, source: string, locale: 'fr' | 'en'): string[] {
  const { deals, written, account } = report;
  const lanes = Object.entries(report.callsByLane).map(([lane, calls]) => `${lane} ${calls}`);
  const excluded = report.exclusions.map(({ reason, deals: count }) => `${reason} ${count}`);
  const shares = Object.entries(account.peakShareByBucket).map(
    ([bucket, share]) => `${bucket} ${percent(share, locale)}`,
  );
  const rejected = Object.entries(report.rejectionsByCode).map(([code, count]) => `${code} ${count}`);
  const { present, stageEntries, ...standings } = deals;
  return [
    '',
    say(locale, 'demo.title', { source, date: report.asOf }),
    '',
    ...labelled([
      [
        say(locale, 'demo.deals'),
        say(locale, 'demo.deals.value', { deals: present, entries: stageEntries, ...standings }),
      ],
      [say(locale, 'demo.calls'), `${report.calls} (${lanes.join(', ')})`],
      [
        say(locale, 'demo.limits'),
        say(locale, 'demo.limits.value', { shares: shares.join(', '), limited: account.rateLimited }),
      ],
      ...(report.burstSpeed === 1
        ? []
        : [
            [
              say(locale, 'demo.waiting'),
              say(locale, 'demo.waiting.value', {
                speed: report.burstSpeed,
                seconds: Math.ceil(report.calls / APP_CALLS_PER_SECOND),
              }),
            ] as const,
          ]),
      [say(locale, 'demo.rejections'), rejected.length === 0 ? '0' : rejected.join(', ')],
      [say(locale, 'demo.excluded'), excluded.length === 0 ? '0' : excluded.join(', ')],
    ]),
    ...summaryLines(report.summary, locale),
    ...labelled([
      [say(locale, 'demo.written'), say(locale, 'demo.written.value', written)],
      [say(locale, 'demo.mails'), String(report.mails)],
      [say(locale, 'demo.again'), say(locale, 'demo.again.value', report.again)],
      [
        say(locale, 'demo.seconds'),
        say(locale, 'demo.seconds.value', {
          seconds: report.seconds,
          memory: report.peakMb,
          floor: report.floorMb,
        }),
      ],
    ]),
    '',
    say(locale, 'demo.look'),
    ...labelled([
      [`  ${say(locale, 'demo.page')}`, report.url],
      [`  ${say(locale, 'demo.eml')}`, report.mailFolder],
      [`  ${say(locale, 'demo.journal')}`, report.journal],
    ]),
  ];
}
