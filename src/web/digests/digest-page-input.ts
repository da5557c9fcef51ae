/** What the page of the digests is made from. */
import type { DigestStatus } from '../../../jobs/digest/digest-status.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { DigestRow } from '../../ports/digest-store.ts';
import type { PageHeader } from '../header.ts';

export const PREVIEWS = ['phone', 'desktop', 'dark', 'text', 'source'] as const;
export type Preview = (typeof PREVIEWS)[number];

/** What a form led to: said at the top of the page that follows it. */
export const NOTICES = [
  'test_asked',
  'test_too_many',
  'again_asked',
  'again_confirm',
  'again_busy',
  'again_unwanted',
  'again_changed',
] as const;
export type Notice = (typeof NOTICES)[number];

/** The mail of the shown week, composed from what that week froze. */
export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  /** RFC 5322, as it is handed to the mail server; null unless it is looked at. */
  readonly source: string | null;
  readonly words: number;
  readonly htmlBytes: number;
  /** Day of the snapshot: where the frame finds the same mail. */
  readonly asOf: Temporal.PlainDate;
}

/** One manager's weeks, and the one that is looked at. */
export interface ShownView {
  readonly manager: Manager;
  readonly isoWeek: string;
  /** Of the week shown; null when the ledger has none. */
  readonly row: DigestRow | null;
  /** All weeks of the manager, newest first. */
  readonly rows: readonly DigestRow[];
  readonly view: Preview;
  /** Language of the mail; null: the manager's own. */
  readonly mailIn: Locale | null;
  /** Null when no forecast was made in that week. */
  readonly mail: ComposedMail | null;
  /** The last test that was asked for this manager; null when there was none. */
  readonly lastTest: {
    readonly state: 'waiting' | 'sent' | 'stopped';
    readonly reason: string | null;
  } | null;
}

export interface DigestPageInput {
  readonly locale: Locale;
  readonly header: PageHeader;
  readonly statuses: readonly DigestStatus[];
  /** Null while there is no manager. */
  readonly shown: ShownView | null;
  readonly notice: Notice | null;
  /** Address of the admin, who may have the tests; null when nobody is named. */
  readonly admin: string | null;
}
