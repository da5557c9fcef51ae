/** Weekly snapshots with their forecasts. Immutable. */
import type { Deal, ExchangeRate, Owner, Pipeline, Team } from '../core/deals/deal.ts';
import type { Manager, Target } from '../core/deals/manager.ts';
import type {
  ForecastLine,
  ForecastSummary,
  LineFigures,
  PaceNorm,
  Standing,
} from '../core/forecast/forecast-types.ts';
import type { Outlook } from '../core/forecast/outlook.ts';
import type { MilestoneModel } from '../core/milestones/milestone.ts';
import type { VerifiedHistory } from '../core/odds/verified-history.ts';
import type {
  AccuracyBar,
  DigestPace,
  DigestQuestion,
  Movement,
  SettledCount,
} from '../core/review/digest-types.ts';
import type { ConnectionId, DealId, ManagerId, SnapshotId } from '../core/values/ids.ts';
import type { CompanySettings } from './settings-store.ts';

/** What a snapshot froze beside its deals. Plain core values; stored as canonical JSON. */
export interface SnapshotHeader {
  readonly id: SnapshotId;
  readonly connectionId: ConnectionId;
  readonly asOf: Temporal.PlainDate;
  readonly takenAt: Temporal.Instant;
  readonly company: CompanySettings;
  readonly model: MilestoneModel;
  readonly managers: readonly Manager[];
  readonly targets: readonly Target[];
  readonly rates: readonly ExchangeRate[];
  readonly owners: readonly Owner[];
  /** These two are absent from snapshots made before they were kept: their page offers no team and no other period. */
  readonly teams?: readonly Team[];
  readonly outlook?: Outlook;
  readonly pipelines: readonly Pipeline[];
  readonly rejections: number;
  readonly dataReadAt: Temporal.Instant;
}

/** Summary of the whole connection (managerId null) or of one manager, as computed at the snapshot. Immutable like it. */
export interface StoredForecast {
  readonly managerId: ManagerId | null;
  /** All deals of the snapshot by where they stand, also those closed too long ago to have a line. */
  readonly standings: Readonly<Record<Standing, number>>;
  /** Since the snapshot before, or since a past Monday replayed from the histories where there is no snapshot of this period yet. */
  readonly movement: Movement | null;
  readonly comparedWith: { readonly asOf: Temporal.PlainDate; readonly kind: 'snapshot' | 'replay' } | null;
  readonly norms: readonly PaceNorm[];
  /** Oldest month first. */
  readonly accuracy: readonly AccuracyBar[];
  /** Of a manager's forecast: the questions of this week, and what became of those of last week's mail. */
  readonly questions?: readonly DigestQuestion[];
  readonly lastQuestions?: SettledCount | null;
  /** What the mail tells of stuck and fast deals; absent from snapshots made before it was kept: it is then taken from the lines. */
  readonly pace?: DigestPace;
  readonly summary: ForecastSummary;
}

/** Append-only: the database refuses updates and deletes of what is in here. */
export interface SnapshotStore {
  /** Frozen once per (connection, asOf): a second call with another content returns the first snapshot's id and changes nothing. */
  freeze(header: SnapshotHeader, deals: readonly Deal[]): Promise<SnapshotId>;
  header(id: SnapshotId): Promise<SnapshotHeader | null>;
  deals(id: SnapshotId): Promise<readonly Deal[]>;
  latest(connectionId: ConnectionId): Promise<SnapshotHeader | null>;
  /** The newest snapshot whose date is before `asOf`. */
  before(connectionId: ConnectionId, asOf: Temporal.PlainDate): Promise<SnapshotHeader | null>;
  list(
    connectionId: ConnectionId,
  ): Promise<readonly { readonly id: SnapshotId; readonly asOf: Temporal.PlainDate }[]>;
  /** Once per snapshot, lines and summaries together; a repeat changes nothing. */
  saveForecast(
    id: SnapshotId,
    lines: readonly ForecastLine[],
    forecasts: readonly StoredForecast[],
  ): Promise<void>;
  /** `limit`/`offset` page through lines: open deals first, then by net amount, largest first. */
  lines(
    id: SnapshotId,
    page?: { readonly limit: number; readonly offset: number },
  ): Promise<readonly ForecastLine[]>;
  /** Of every line what totals are made of, in the order in which they were saved, a tenth of the bytes: 50,000 deals in one small reading. */
  figures(id: SnapshotId): Promise<readonly LineFigures[]>;
  /** One deal in the newest `limit` snapshots that hold it, oldest first. */
  weeksOf(
    connectionId: ConnectionId,
    dealId: DealId,
    limit: number,
  ): Promise<readonly { readonly asOf: Temporal.PlainDate; readonly line: ForecastLine }[]>;
  /** The lines of some deals, in the order asked; a deal that is not in the snapshot is left out. */
  linesOf(id: SnapshotId, dealIds: readonly DealId[]): Promise<readonly ForecastLine[]>;
  forecasts(id: SnapshotId): Promise<readonly StoredForecast[]>;
  /** That of one manager, or of the whole connection (null), without reading the others. */
  forecastOf(id: SnapshotId, managerId: ManagerId | null): Promise<StoredForecast | null>;
  /** What all snapshots of the connection recorded as verified of the deals that were open on their day, as changes. */
  verifiedHistory(connectionId: ConnectionId): Promise<VerifiedHistory>;
}
