/**
 * A chart as shapes: scales and paths by d3 on the server, inline SVG styled by classes only, so that no script, image or inline style is
 * needed.
 */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { ColumnView, TableRowView } from '../table.ts';

export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly className: string;
    }
  | {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly className: string;
    }
  | { readonly kind: 'path'; readonly d: string; readonly className: string }
  | {
      readonly kind: 'dot';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
      readonly className: string;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly className: string;
      readonly text: string;
    };

/** `summary` says in words what the picture shows; `table` holds every figure of it, null where the page shows that table beside it. */
export interface ChartView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** False where the text around the chart says the same: then only a screen reader gets the summary. */
  readonly summaryShown: boolean;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly legend: readonly { readonly className: string; readonly text: string }[];
  readonly table: {
    readonly open: string;
    readonly columns: readonly ColumnView[];
    readonly rows: readonly TableRowView[];
  } | null;
}

/** From values to places on the page; `at` cuts nothing off. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From 0 to at least `most`, in three to six round steps. */
export function scaleFromZero(most: number, from: number, to: number): Scale {
  const scale = scaleLinear()
    .domain([0, Math.max(most, 1e-9)])
    .nice(4)
    .range([from, to]);
  return { at: (value) => place(scale(value)), ticks: scale.ticks(4) };
}

/** From the least to the largest of the values, with some air on both sides. */
export function scaleBetween(values: readonly number[], from: number, to: number): Scale['at'] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = Math.max(1, (most - least) * 0.06);
  const scale = scaleLinear()
    .domain([least - air, most + air])
    .range([from, to]);
  return (value) => place(scale(value));
}

/** A tenth of a unit is finer than any screen: short numbers keep the page small. */
export function place(value: number): number {
  return Math.round(value * 10) / 10;
}

export function polyline(points: readonly (readonly [number, number])[]): string {
  return line<readonly [number, number]>().digits(1)(points) ?? '';
}

/** The area between two lines over the same places. */
export function band(
  points: readonly { readonly x: number; readonly low: number; readonly high: number }[],
): string {
  const shape = area<(typeof points)[number]>()
    .x(({ x }) => x)
    .y0(({ low }) => low)
    .y1(({ high }) => high);
  return shape.digits(1)(points) ?? '';
}
