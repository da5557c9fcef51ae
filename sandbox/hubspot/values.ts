import type { World } from '../world/world.ts';

/** Translations between the world's plain texts and HubSpot's. What cannot be translated passes unchanged: accounts hold bad values. */

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const EPOCH_MS = /^-?\d{1,15}$/;
const dayCache = new Map<string, string>();

/**
 * A day -> the datetime HubSpot shows for it: the first instant of that day in the account's zone. East of Greenwich that is the evening
 * before in UTC, which is what a reader who buckets by UTC gets wrong.
 */
export function showDay(value: string, world: World): string {
  if (!ISO_DAY.test(value)) return value;
  const key = `${world.account.zone} ${value}`;
  const known = dayCache.get(key);
  if (known !== undefined) return known;
  const day = Temporal.PlainDate.from(value);
  const shown = new Date(day.toZonedDateTime(world.account.zone).toInstant().epochMilliseconds).toISOString();
  dayCache.set(key, shown);
  return shown;
}

export function keepDay(value: string, world: World): string {
  const ms = instantMs(value);
  if (ms === null) return value;
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(world.account.zone)
    .toPlainDate()
    .toString();
}

export function same(value: string): string {
  return value;
}

export function upper(value: string): string {
  return value.toUpperCase();
}

export function lower(value: string): string {
  return value.toLowerCase();
}

/** A translation by table; unknown values pass. */
export function byTable(table: Readonly<Record<string, string>>): {
  readonly show: (value: string) => string;
  readonly keep: (value: string) => string;
} {
  const back = new Map(Object.entries(table).map(([plain, vendor]) => [vendor, plain]));
  return { show: (value) => table[value] ?? value, keep: (value) => back.get(value) ?? value };
}

/** Epoch milliseconds of an ISO instant, an ISO day (UTC midnight) or epoch text; null when it is none of them. */
export function instantMs(value: string): number | null {
  if (EPOCH_MS.test(value)) return Number(value);
  if (!/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}
