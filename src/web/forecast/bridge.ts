/** From the forecast of the week before to this week's: one row per kind of movement, adding up to the headline. */
import { countText, dayText, signedStepsText, stepsText } from '../../../templates/format.ts';
import type { HeadlineFigures } from '../../../templates/headline-figures.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import { apportion, roundToSteps } from '../../../templates/rounding.ts';
import { capitalised, dealWord } from '../../../templates/words.ts';
import type { Movement, MovementKind } from '../../core/review/digest-types.ts';
import { type BridgeStep, bridgeChart } from '../charts/bridge-chart.ts';
import type { ChartView } from '../charts/chart.ts';
import { tableCsvHref } from '../href.ts';
import type { TotalledTableView } from '../table.ts';
import type { ComparedMovement, ForecastPageInput } from './forecast-input.ts';

export interface BridgeView {
  readonly title: string;
  /** Why there is no bridge. */
  readonly none: string | null;
  readonly chart: ChartView | null;
  readonly table: TotalledTableView | null;
}

export function bridgeView(input: ForecastPageInput, figures: HeadlineFigures): BridgeView {
  const { locale } = input.query;
  const { compared } = input;
  const title = translate(locale, 'bridge.title');
  if (compared === null) {
    const none = translate(locale, input.filtered ? 'bridge.none_filtered' : 'bridge.none');
    return { title, none, chart: null, table: null };
  }
  const steps = bridgeSteps(compared.movement, input, figures);
  return {
    title,
    none: null,
    chart: bridgeChart(
      {
        title: translate(locale, 'bridge.since', { date: dayText(compared.asOf, locale) }),
        start: { label: startText(compared, input), steps: startSteps(compared, figures) },
        steps,
        end: { label: translate(locale, 'bridge.end'), steps: figures.forecast },
      },
      figures.scale,
      locale,
    ),
    table: bridgeTable(compared, steps, input, figures),
  };
}

type KindTotal = NonNullable<Movement['kinds']>[number] | { kind: null; deals: number; changeMinor: bigint };

/** By kind; a snapshot that kept no totals by kind has them of its rows, and the others in one. */
export function kindTotals(movement: Movement): readonly KindTotal[] {
  if (movement.kinds !== undefined) return movement.kinds;
  const totals = new Map<MovementKind, { kind: MovementKind; deals: number; changeMinor: bigint }>();
  for (const { kind, changeMinor } of movement.rows) {
    const known = totals.get(kind) ?? { kind, deals: 0, changeMinor: 0n };
    totals.set(kind, { kind, deals: known.deals + 1, changeMinor: known.changeMinor + changeMinor });
  }
  const { otherDeals: deals, othersMinor: changeMinor } = movement;
  return [...totals.values(), ...(deals === 0 ? [] : [{ kind: null, deals, changeMinor }])];
}

function bridgeSteps(
  movement: Movement,
  { query }: ForecastPageInput,
  { forecast, scale }: HeadlineFigures,
): readonly BridgeStep[] {
  const totals = kindTotals(movement);
  const parts = apportion(
    totals.map(({ changeMinor }) => changeMinor),
    forecast - roundToSteps(movement.startMinor, scale),
    scale,
  );
  return totals.map(({ kind, deals }, at) => ({
    label:
      kind === null ? translate(query.locale, 'bridge.others') : translate(query.locale, `movement.${kind}`),
    deals,
    steps: parts[at] ?? 0n,
  }));
}

function startSteps({ movement }: ComparedMovement, { scale }: HeadlineFigures): bigint {
  return roundToSteps(movement.startMinor, scale);
}

function startText({ asOf }: ComparedMovement, { query }: ForecastPageInput): string {
  return translate(query.locale, 'bridge.start', { date: dayText(asOf, query.locale) });
}

function bridgeTable(
  compared: ComparedMovement,
  steps: readonly BridgeStep[],
  input: ForecastPageInput,
  figures: HeadlineFigures,
): TotalledTableView {
  const { query, header } = input;
  const { locale } = query;
  const deals = steps.reduce((sum, step) => sum + step.deals, 0);
  return {
    id: 'bridge',
    title: translate(locale, 'bridge.table'),
    hint: null,
    columns: [
      { key: 'kind', label: translate(locale, 'csv.kind'), numeric: false },
      {
        key: 'deals',
        label: capitalised(dealWord(header.connection.crm, locale)),
        numeric: true,
      },
      { key: 'amount', label: translate(locale, 'group.column.forecast'), numeric: true },
    ],
    rows: [
      {
        head: startText(compared, input),
        cells: ['', stepsText(startSteps(compared, figures), figures.scale, locale)],
      },
      ...steps.map((step) => ({
        head: step.label,
        cells: [countText(step.deals, locale), signedStepsText(step.steps, figures.scale, locale)],
      })),
    ],
    total: {
      head: translate(locale, 'bridge.end'),
      cells: [countText(deals, locale), stepsText(figures.forecast, figures.scale, locale)],
    },
    csv: { text: translate(locale, 'page.csv'), href: tableCsvHref('bridge', query) },
  };
}
