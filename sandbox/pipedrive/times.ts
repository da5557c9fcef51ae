/** Pipedrive writes whole seconds: RFC 3339 with Z in v2, "YYYY-MM-DD HH:MM:SS" (UTC, without saying so) in v1. */

export function v2Time(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

export function v1Time(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** What `updated_since` accepts: no fraction of a second. Null is answered with 400. */
export function wholeSecondMs(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

export function secondOf(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
