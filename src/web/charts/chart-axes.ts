/** Frame and axes that the charts of the replay share. */
import { place, type Shape } from './chart.ts';

export const HEIGHT = 270;
export const LEFT = 54;
export const RIGHT = 12;
export const TOP = 12;
export const BOTTOM = 34;

export function yTick(y: number, text: string, width: number): readonly Shape[] {
  return [
    { kind: 'line', x1: LEFT, y1: y, x2: width - RIGHT, y2: y, className: 'chart-grid' },
    { kind: 'text', x: LEFT - 8, y: place(y + 4), anchor: 'end', className: 'chart-label', text },
  ];
}

export function xText(x: number, text: string, anchor: 'start' | 'middle' | 'end'): Shape {
  return { kind: 'text', x, y: HEIGHT - 12, anchor, className: 'chart-label', text };
}
