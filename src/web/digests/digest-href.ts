/** Addresses of the digest page: written here, read by the route. */
import type { Locale } from '../../core/milestones/milestone.ts';
import { digestHref, pageHref, type ScopeQuery } from '../href.ts';

/** `isoWeek` "2026-W47"; null everywhere: the newest, on a phone, in the manager's language. */
export interface DigestsQuery extends ScopeQuery {
  readonly isoWeek: string | null;
  readonly view: string | null;
  readonly mailIn: Locale | null;
}

export function digestsHref(query: DigestsQuery): string {
  return withMore(pageHref('/digests', query), query);
}

/** Where a form of the page is sent. */
export function digestFormHref(form: 'test' | 'again', query: DigestsQuery): string {
  return withMore(pageHref(`/digests/${form}`, query), query);
}

/** The mail of a manager and a week in a frame, by day or by night. */
export function digestFrameHref(
  { locale, managerId, asOf }: ScopeQuery & { readonly asOf: Temporal.PlainDate },
  scheme: 'light' | 'dark',
): string {
  return `${digestHref({ locale, managerId, week: asOf.toString(), page: 1 })}&scheme=${scheme}`;
}

function withMore(address: string, { isoWeek, view, mailIn }: DigestsQuery): string {
  const more = Object.entries({ iso: isoWeek, view, mail: mailIn }).flatMap(([name, value]) =>
    value === null ? [] : [`&${name}=${encodeURIComponent(value)}`],
  );
  return address + more.join('');
}
