import type { WorldRecord } from './types.ts';
import type { World } from './world.ts';

/** What a line comes to: quantity x price less its discount, in whole cents, as decimal text; null when a part is no plain number. */
export function lineTotal(world: World, line: WorldRecord): string | null {
  const [price, quantity, discount] = ['price', 'quantity', 'discount_percent'].map((field) =>
    scaled(world.value(line, field) ?? (field === 'discount_percent' ? '0' : '')),
  );
  if (price == null || quantity == null || discount == null) return null;
  const exact = price * quantity * (100n * SCALE - discount);
  const cents = (exact * 100n) / (SCALE * SCALE * SCALE * 100n);
  const sign = cents < 0n ? '-' : '';
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Lines of a deal that are not in the recycle bin. */
export function linesOf(world: World, deal: WorldRecord): readonly WorldRecord[] {
  return world
    .linked(deal, 'line_item')
    .map((link) => world.get('line_item', link.id))
    .filter((line) => line !== undefined && line.archivedAtMs === null) as readonly WorldRecord[];
}

const SCALE = 10_000n;

/** "12.5" -> 125000n: four decimals are more than any line of ours has. */
function scaled(text: string): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', decimals = ''] = match;
  const value = BigInt(whole) * SCALE + BigInt(decimals.padEnd(4, '0'));
  return sign === '-' ? -value : value;
}
