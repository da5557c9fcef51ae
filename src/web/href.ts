/** The addresses of the pages: written here, read by the route, so that links and route cannot drift apart. */
import type { Locale } from '../core/milestones/milestone.ts';

/** What the address of `/` says. `week` is the day of a past snapshot, "2026-06-08"; null shows the latest. `page` counts from 1. */
export interface ForecastQuery {
  readonly locale: Locale;
  readonly managerId: string | null;
  readonly week: string | null;
  readonly page: number;
  /** Absent: everything, of the period that the week was frozen for. */
  readonly filter?: ForecastFilter;
}

/** Columns by which the deals can be sorted, each from its most telling end; a minus in front turns it round. */
export const DEAL_SORTS = ['net', 'gross', 'unproven', 'odds', 'expected', 'close', 'name'] as const;
type DealColumn = (typeof DEAL_SORTS)[number];
export type DealSort = DealColumn | `-${DealColumn}`;

/** What of the week is looked at, and in which order. */
export interface ForecastFilter {
  readonly teamId: string | null;
  readonly pipelineId: string | null;
  readonly periodKey: string | null;
  /** Part of a name. */
  readonly search: string;
  readonly sort: DealSort;
}

export const NO_FILTER: ForecastFilter = {
  teamId: null,
  pipelineId: null,
  periodKey: null,
  search: '',
  sort: 'net',
};

export const DEALS_PER_PAGE = 50;

export function forecastHref(query: ForecastQuery, anchor = ''): string {
  const page: Record<string, string> = query.page > 1 ? { page: String(query.page) } : {};
  return address('/', query, { ...filterParameters(query.filter), ...page }) + anchor;
}

/** Names of the address's parameters, which are those of the form's fields. */
export function filterParameters(filter: ForecastFilter = NO_FILTER): Readonly<Record<string, string>> {
  const { teamId, pipelineId, periodKey, search, sort } = filter;
  return {
    ...(teamId === null ? {} : { team: teamId }),
    ...(pipelineId === null ? {} : { pipeline: pipelineId }),
    ...(periodKey === null ? {} : { period: periodKey }),
    ...(search === '' ? {} : { q: search }),
    ...(sort === NO_FILTER.sort ? {} : { sort }),
  };
}

/** Tables of the forecast page that can be taken away. */
export const FORECAST_TABLES = [
  'bridge',
  'milestone',
  'owner',
  'team',
  'pipeline',
  'period',
  'left_out',
] as const;
export type ForecastTable = (typeof FORECAST_TABLES)[number];

export function tableCsvHref(table: ForecastTable, query: ForecastQuery): string {
  return address('/forecast.csv', query, { table, ...filterParameters(query.filter) });
}

/** The digest of that manager and week, as it was or would be sent; shown in a frame. */
export function digestHref(query: ForecastQuery): string {
  return address('/digest/latest', query, {});
}

/** Who is looked at on the pages that show one scope. */
export interface ScopeQuery {
  readonly locale: Locale;
  readonly managerId: string | null;
}

/** Any page of the navigation, in the language and for the manager of the reader. */
export function pageHref(path: string, query: ScopeQuery): string {
  return address(path, { ...query, week: null }, {});
}

export function dealHref(dealId: string, query: ScopeQuery): string {
  return pageHref(`/deals/${encodeURIComponent(dealId)}`, query);
}

/** Where a form of the deal's page is sent. */
export function dealPostHref(dealId: string, form: 'evidence' | 'notes' | 'pass', query: ScopeQuery): string {
  return pageHref(`/deals/${encodeURIComponent(dealId)}/${form}`, query);
}

/** Tables of the deal's page that can be taken away. */
export const DEAL_TABLES = ['milestones', 'timeline'] as const;
export type DealTable = (typeof DEAL_TABLES)[number];

export function dealTableHref(dealId: string, table: DealTable, query: ScopeQuery): string {
  return pageHref(`/deals/${encodeURIComponent(dealId)}/${table}.csv`, query);
}

/** Tables of the gap page that can be taken away. */
export const GAP_TABLES = ['actions', 'funnel'] as const;
export type GapTable = (typeof GAP_TABLES)[number];

export function gapTableHref(table: GapTable, query: ScopeQuery): string {
  return pageHref(`/gap/${table}.csv`, query);
}

/** What one person logged, as CSV. */
export function activityCsvHref(ownerId: string, query: ScopeQuery): string {
  return pageHref(`/one-to-one/${encodeURIComponent(ownerId)}/activity.csv`, query);
}

export function oneToOneHref(ownerId: string, query: ScopeQuery): string {
  return pageHref(`/one-to-one/${encodeURIComponent(ownerId)}`, query);
}

/** Where a manager freezes a period, and where that form is sent. */
export function freezeHref(
  query: ScopeQuery,
  periodKey: string,
  more: Readonly<Record<string, string>>,
): string {
  return address('/freeze', { ...query, week: null }, { period: periodKey, ...more });
}

/** What a manager froze, as CSV. */
export function frozenCsvHref(query: ScopeQuery): string {
  return pageHref('/frozen.csv', query);
}

/** The lists of the review, as CSV. */
export function reviewCsvHref(query: ScopeQuery): string {
  return pageHref('/review.csv', query);
}

/** What moved, as CSV. */
export function movementsCsvHref(query: ScopeQuery): string {
  return pageHref('/movements.csv', query);
}

/** The table of the forecast page as CSV: all its pages. */
export function dealsCsvHref(query: ForecastQuery): string {
  return address('/deals.csv', query, filterParameters(query.filter));
}

function address(
  path: string,
  query: Omit<ForecastQuery, 'page' | 'filter'>,
  more: Readonly<Record<string, string>>,
): string {
  const parameters = new URLSearchParams({ lang: query.locale });
  if (query.managerId !== null) parameters.set('manager', query.managerId);
  if (query.week !== null) parameters.set('week', query.week);
  for (const [name, value] of Object.entries(more)) parameters.set(name, value);
  return `${path}?${parameters}`;
}
