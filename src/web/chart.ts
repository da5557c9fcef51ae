/** A chart as shapes: written by hand as inline SVG, styled by classes only, so that no script, image or inline style is needed. */
import type { ColumnView, TableRowView } from './table.ts';

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

/** `summary` says in words what the picture shows; `table` holds every figure of it. */
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
  };
}

/** From values to places on the page; `at` cuts nothing off. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From 0 to at least `most`, in three to six round steps. */
export function scaleFromZero(most: number, from: number, to: number): Scale {
  const step = roundStep(Math.max(most, 1e-9) / 4);
  const top = step * Math.max(1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step);
  return { at: (value) => place(from + ((to - from) * value) / top), ticks };
}

/** 1, 2, 2.5, 5 times a power of ten, at least `wanted`. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= wanted - 1e-12) ?? 10) * power;
}

/** A tenth of a unit is finer than any screen: short numbers keep the page small. */
export function place(value: number): number {
  return Math.round(value * 10) / 10;
}

export function polyline(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${place(x)} ${place(y)}`).join('');
}
