/** The bridge as a waterfall: each kind of movement floats where the one before it ended. */
import { signedStepsText, stepsText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import type { MoneyScale } from '../../../templates/rounding.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { type ChartView, place, type Shape, scaleBetween } from './chart.ts';

export interface BridgeStep {
  readonly label: string;
  readonly deals: number;
  readonly steps: bigint;
}

interface Bridge {
  readonly title: string;
  readonly start: { readonly label: string; readonly steps: bigint };
  readonly steps: readonly BridgeStep[];
  readonly end: { readonly label: string; readonly steps: bigint };
}

/** Names stand above their bars, so that a phone shows both. */
const WIDTH = 360;
/** Room for the amount behind the longest bar. */
const AMOUNT = 76;
const ROW = 35;
const BAR_TOP = 18;
const BAR = 12;

/** Start and end are levels, not bars: the axis does not begin at nothing, so that small movements can be seen. */
export function bridgeChart(
  { title, start, steps, end }: Bridge,
  scale: MoneyScale,
  locale: Locale,
): ChartView {
  const levels = [start.steps];
  for (const { steps: change } of steps) levels.push((levels.at(-1) ?? 0n) + change);
  const x = scaleBetween(levels.map(Number), 2, WIDTH - AMOUNT);
  const height = (steps.length + 2) * ROW;
  return {
    id: 'bridge-chart',
    title,
    summary: translate(locale, 'bridge.summary', {
      start: stepsText(start.steps, scale, locale),
      end: stepsText(end.steps, scale, locale),
      parts: steps
        .map(({ label, steps: change }) => `${label} ${signedStepsText(change, scale, locale)}`)
        .join(', '),
    }),
    summaryShown: false,
    width: WIDTH,
    height,
    shapes: [
      ...level(start.label, x(Number(start.steps)), 0, stepsText(start.steps, scale, locale)),
      ...steps.flatMap((step, at) =>
        change(step, x(Number(levels[at])), x(Number(levels[at + 1])), at + 1, scale, locale),
      ),
      ...level(end.label, x(Number(end.steps)), steps.length + 1, stepsText(end.steps, scale, locale)),
    ],
    legend: [],
    table: null,
  };
}

function level(label: string, x: number, row: number, amount: string): readonly Shape[] {
  const y = row * ROW;
  return [
    text(0, y + 12, label, 'chart-strong'),
    {
      kind: 'rect',
      x: place(x - 2),
      y: y + BAR_TOP - 2,
      width: 4,
      height: BAR + 4,
      className: 'chart-level',
    },
    text(x + 8, y + BAR_TOP + 11, amount, 'chart-strong'),
  ];
}

function change(
  { label, steps }: BridgeStep,
  from: number,
  to: number,
  row: number,
  scale: MoneyScale,
  locale: Locale,
): readonly Shape[] {
  const y = row * ROW;
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  return [
    text(0, y + 12, label, 'chart-label'),
    {
      kind: 'rect',
      x: left,
      y: y + BAR_TOP,
      width: Math.max(1, place(right - left)),
      height: BAR,
      className: steps < 0n ? 'chart-fall' : 'chart-rise',
    },
    text(right + 8, y + BAR_TOP + 11, signedStepsText(steps, scale, locale), 'chart-label'),
  ];
}

function text(x: number, y: number, label: string, className: string): Shape {
  return { kind: 'text', x: place(x), y, anchor: 'start', className, text: label };
}
