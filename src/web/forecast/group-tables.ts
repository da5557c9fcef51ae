/** The forecast by milestone, owner, team, pipeline and month. Every total is the sum of the cells above it, and agrees with the headline. */
import { countText, stepsText } from '../../../templates/format.ts';
import { type NamedGroup, namedGroups } from '../../../templates/group-names.ts';
import { type HeadlineFigures, headlineFigures } from '../../../templates/headline-figures.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { apportion, type MoneyScale, roundToSteps, sumOf } from '../../../templates/rounding.ts';
import { capitalised, periodText } from '../../../templates/words.ts';
import type { ForecastRange } from '../../core/forecast/forecast-types.ts';
import type { GroupKind } from '../../core/forecast/group-forecasts.ts';
import { type ForecastFilter, forecastHref, NO_FILTER, oneToOneHref, tableCsvHref } from '../href.ts';
import type { ColumnView, TableRowView, TotalledTableView } from '../table.ts';
import type { ForecastPageInput } from './forecast-input.ts';

/** More people than this are told together in a last row; the CSV has them all. */
const MAX_ROWS = 30;

type Amounts = Pick<NamedGroup, 'openDeals' | 'netMinor' | 'unprovenMinor' | 'wonMinor' | 'expectedMinor'>;
type Row = Amounts & {
  readonly label: string;
  readonly href?: string;
  readonly range: ForecastRange | null;
};

const COLUMNS = ['deals', 'net', 'unproven', 'won', 'expected', 'forecast', 'range'] as const;
const PERIOD_COLUMNS = ['won', 'expected', 'forecast', 'range'] as const;

/** A grouping that makes one group of everything says nothing and is left out, but for milestones and people. */
export function groupTables(
  kinds: readonly GroupKind[],
  input: ForecastPageInput,
  figures: HeadlineFigures,
): readonly TotalledTableView[] {
  return kinds
    .filter((by) => by === 'milestone' || by === 'owner' || input.groups[by].length > 1)
    .map((by) => groupTable(by, input, figures));
}

function groupTable(by: GroupKind, input: ForecastPageInput, figures: HeadlineFigures): TotalledTableView {
  const { query, groups, names, summary } = input;
  const { locale } = query;
  const named = namedGroups(groups[by], by, names, locale);
  const rows = foldedRows(
    named.map((group) => ({ ...group, ...hrefOf(by, group, input) })),
    input,
  );
  const { scale } = figures;
  const net = apportion(rows.map(pick('netMinor')), roundToSteps(summary.netMinor, scale), scale);
  const unproven = apportion(
    rows.map(pick('unprovenMinor')),
    roundToSteps(summary.unprovenMinor, scale),
    scale,
  );
  const won = apportion(rows.map(pick('wonMinor')), figures.won, scale);
  const expected = apportion(rows.map(pick('expectedMinor')), figures.expected, scale);
  const cells = (deals: number, steps: readonly bigint[], range: ForecastRange | null) => [
    countText(deals, locale),
    ...steps.map((step) => stepsOrNone(step, scale, input)),
    rangeText(range, scale, input),
  ];
  const columns = [net, unproven, won, expected, won.map((step, at) => step + (expected[at] ?? 0n))];
  return {
    id: `by-${by}`,
    title: translate(locale, `page.by.${by}`),
    hint: named.length > MAX_ROWS ? translate(locale, 'page.others_hint') : null,
    columns: columnsOf(`group.title.${by}`, COLUMNS, input),
    rows: rows.map(({ label, href, openDeals, range }, at) => ({
      head: label,
      ...(href === undefined ? {} : { href }),
      cells: cells(
        openDeals,
        columns.map((column) => column[at] ?? 0n),
        range,
      ),
    })),
    total: {
      head: translate(locale, 'page.total'),
      cells: cells(
        rows.reduce((sum, row) => sum + row.openDeals, 0),
        columns.map(sumOf),
        summary.range,
      ),
    },
    csv: { text: translate(locale, 'page.csv'), href: tableCsvHref(by, query) },
  };
}

const pick =
  (key: 'netMinor' | 'unprovenMinor' | 'wonMinor' | 'expectedMinor') =>
  (row: Amounts): bigint =>
    row[key];

/** To the sheet of the person, or to the same page for that team or pipeline. */
function hrefOf(by: GroupKind, { key }: NamedGroup, { query, names }: ForecastPageInput): { href?: string } {
  if (key === null) return {};
  const filtered = (change: Partial<ForecastFilter>) =>
    forecastHref({ ...query, page: 1, filter: { ...(query.filter ?? NO_FILTER), ...change } });
  switch (by) {
    case 'owner':
      return names.owners.some(({ id }) => id === key) ? { href: oneToOneHref(key, query) } : {};
    case 'team':
      return names.teams.some(({ id }) => id === key) ? { href: filtered({ teamId: key }) } : {};
    case 'pipeline':
      return { href: filtered({ pipelineId: key }) };
    case 'milestone':
      return {};
  }
}

function foldedRows(rows: readonly Row[], { query }: ForecastPageInput): readonly Row[] {
  if (rows.length <= MAX_ROWS) return rows;
  const others = rows.slice(MAX_ROWS);
  const sum = (key: Parameters<typeof pick>[0]) => sumOf(others.map(pick(key)));
  return [
    ...rows.slice(0, MAX_ROWS),
    {
      label: translate(query.locale, 'page.others', { count: others.length }),
      openDeals: others.reduce((total, row) => total + row.openDeals, 0),
      netMinor: sum('netMinor'),
      unprovenMinor: sum('unprovenMinor'),
      wonMinor: sum('wonMinor'),
      expectedMinor: sum('expectedMinor'),
      range: null,
    },
  ];
}

/** One table per period on offer, by month; periods that are months themselves stand in one table without a total. */
export function periodTables(
  input: ForecastPageInput,
  { scale }: HeadlineFigures,
): readonly TotalledTableView[] {
  const { query, periods, summary } = input;
  const { locale } = query;
  const stepsOf = ({ wonMinor, expectedMinor }: PeriodFigures) => {
    const { won, expected } = headlineFigures(
      {
        ...summary,
        wonMinor,
        expectedMinor,
        forecastMinor: wonMinor + expectedMinor,
      },
      scale,
    );
    return { won, expected };
  };
  const row = (one: PeriodFigures, won: bigint, expected: bigint): TableRowView => ({
    head: capitalised(periodText(one.period, locale, 'long')),
    href: forecastHref({
      ...query,
      page: 1,
      filter: { ...(query.filter ?? NO_FILTER), periodKey: one.period.key },
    }),
    current: one.period.key === summary.period.key,
    cells: [
      ...[won, expected, won + expected].map((step) => stepsOrNone(step, scale, input)),
      rangeText(one.range, scale, input),
    ],
  });
  const table = (id: string, title: string, parts: Pick<TotalledTableView, 'rows' | 'total'>) => ({
    id,
    title,
    hint: null,
    columns: columnsOf('page.column.period', PERIOD_COLUMNS, input),
    ...parts,
    csv: { text: translate(locale, 'page.csv'), href: tableCsvHref('period', query) },
  });
  if (periods.every(({ months }) => months.length === 0)) {
    if (periods.length === 0) return [];
    const rows = periods.map(({ whole }) => {
      const { won, expected } = stepsOf(whole);
      return row(whole, won, expected);
    });
    return [table('by-period', translate(locale, 'page.by.month'), { rows, total: null })];
  }
  return periods.map(({ whole, months }, at) => {
    const total = stepsOf(whole);
    const won = apportion(months.map(pick2('wonMinor')), total.won, scale);
    const expected = apportion(months.map(pick2('expectedMinor')), total.expected, scale);
    return table(
      `by-month-${at + 1}`,
      translate(locale, 'page.by.months_of', { period: periodText(whole.period, locale, 'long') }),
      {
        rows: months.map((month, index) => row(month, won[index] ?? 0n, expected[index] ?? 0n)),
        total: row(whole, sumOf(won), sumOf(expected)),
      },
    );
  });
}

type PeriodFigures = ForecastPageInput['periods'][number]['whole'];

const pick2 =
  (key: 'wonMinor' | 'expectedMinor') =>
  (row: PeriodFigures): bigint =>
    row[key];

function columnsOf(
  head: `group.title.${GroupKind}` | 'page.column.period',
  keys: readonly (typeof COLUMNS)[number][],
  { query }: ForecastPageInput,
): readonly ColumnView[] {
  const { locale } = query;
  return [
    { key: 'head', label: translate(locale, head), numeric: false },
    ...keys.map((key) => ({
      key,
      label: translate(locale, `group.column.${key}`),
      numeric: true,
      additive: key !== 'range',
    })),
  ];
}

/** A column of zeros hides the few figures in it. */
function stepsOrNone(step: bigint, scale: MoneyScale, { query }: ForecastPageInput): string {
  return step === 0n ? '–' : stepsText(step, scale, query.locale);
}

/** "395 k€ à 620 k€" */
function rangeText(range: ForecastRange | null, scale: MoneyScale, input: ForecastPageInput): string {
  if (range === null) return '–';
  const { locale } = input.query;
  const [low, high] = [roundToSteps(range.p10Minor, scale), roundToSteps(range.p90Minor, scale)];
  if (low === high) return stepsOrNone(low, scale, input);
  const text = (steps: bigint) => stepsText(steps, scale, locale);
  return translate(locale, 'page.range_text', { low: text(low), high: text(high) });
}
