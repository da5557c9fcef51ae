/**
 * Dates and instants as SQL text, both ways. Postgres and Temporal agree on ISO 8601 except for years outside 0000-9999, which a CRM
 * does contain ("20226" typed for "2026"). Postgres keeps microseconds; what is finer is cut.
 */

export function dateToSql(date: Temporal.PlainDate): string {
  return yearToSql(date.toString());
}

export function dateFromSql(text: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(yearFromSql(text));
}

export function instantToSql(instant: Temporal.Instant): string {
  return yearToSql(instant.toString({ fractionalSecondDigits: 6, roundingMode: 'trunc' }));
}

export function instantFromSql(text: string): Temporal.Instant {
  return Temporal.Instant.from(yearFromSql(text));
}

/** "+020226-01-01" -> "20226-01-01"; "-000043-03-15" -> "0044-03-15 BC" (Postgres has no year zero). */
function yearToSql(iso: string): string {
  if (!iso.startsWith('+') && !iso.startsWith('-') && !iso.startsWith('0000')) return iso;
  const sign = iso.startsWith('-') ? -1 : 1;
  const [, year = '', rest = ''] = /^[+-]?(\d+)(-.*)$/.exec(iso) ?? [];
  const signedYear = sign * Number(year);
  if (signedYear > 0) return `${signedYear}${rest}`;
  return `${String(1 - signedYear).padStart(4, '0')}${rest} BC`;
}

function yearFromSql(sql: string): string {
  if (sql[4] === '-' && !sql.endsWith(' BC')) return sql;
  const [, year = '', rest = '', era] = /^(\d+)(-.*?)( BC)?$/.exec(sql) ?? [];
  const signedYear = era === undefined ? Number(year) : 1 - Number(year);
  return `${signedYear < 0 ? '-' : '+'}${String(Math.abs(signedYear)).padStart(6, '0')}${rest}`;
}
