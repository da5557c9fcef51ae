/** What became of a digest, in words: the state, when, and why. Every state of the ledger and every reason has its sentence. */
import { mondayOfWeek } from '../../../jobs/digest/digest-week.ts';
import { entryOf } from '../../../templates/errors/catalogue.ts';
import { dayText, fullDateText, timeText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import type { DigestRow } from '../../ports/digest-store.ts';

export interface StateView {
  readonly state: string;
  /** `good`: the mail left. `bad`: somebody should look. `quiet`: nothing is wrong and there is no mail. */
  readonly tone: 'good' | 'bad' | 'quiet';
  readonly when: string;
  readonly why: string;
}

export interface StateFacts {
  readonly manager: Manager;
  readonly row: DigestRow | null;
  /** When it is to leave; null for a week that is over. */
  readonly dueAt: Temporal.Instant | null;
  /** Code of the catalogue; absent: that of the row. */
  readonly reason: string | null;
  readonly missing: boolean;
}

export function stateView({ manager, row, dueAt, reason, missing }: StateFacts, locale: Locale): StateView {
  const state = missing
    ? 'missing'
    : row === null
      ? 'none'
      : row.state === 'sent' && row.late
        ? 'sent_late'
        : row.state;
  const at = row?.sentAt ?? (row === null || missing ? dueAt : null);
  const code = reason ?? reasonCode(row);
  return {
    state: translate(locale, `digests.state.${state}`),
    tone: toneOf(state, code),
    when: at === null ? '–' : whenText(at, manager.zone, locale),
    why: code === null ? '' : reasonText(code, locale),
  };
}

/** "lundi 16 novembre 2026" of "2026-W47". */
export function weekText(isoWeek: string, locale: Locale): string {
  return translate(locale, 'digests.week', {
    week: Number(isoWeek.split('-W')[1] ?? 0),
    date: fullDateText(mondayOfWeek(isoWeek), locale),
  });
}

/** What was wrong and what to do, in two sentences; a code that this version does not know is shown as it is. */
export function reasonText(code: string, locale: Locale): string {
  const entry = entryOf(code)?.[locale];
  return entry === undefined ? code : `${entry.what}. ${entry.todo}.`;
}

function whenText(at: Temporal.Instant, zone: string, locale: Locale): string {
  const date = dayText(at.toZonedDateTimeISO(zone).toPlainDate(), locale);
  return translate(locale, 'digests.at', { date, time: timeText(at, zone, locale) });
}

function reasonCode(row: DigestRow | null): string | null {
  if (row === null || row.reason === null) return null;
  return row.state === 'skipped' ? `skip.${row.reason}` : row.reason;
}

/** Chosen by the manager, or nothing to tell: no mail, and nothing wrong. */
const QUIET_REASONS = new Set(['skip.digest_off', 'skip.paused', 'skip.nothing_to_tell']);

function toneOf(state: string, code: string | null): StateView['tone'] {
  if (state === 'sent' || state === 'sent_late') return 'good';
  if (state === 'missing' || state === 'uncertain' || state === 'failed') return 'bad';
  return state !== 'skipped' || (code !== null && QUIET_REASONS.has(code)) ? 'quiet' : 'bad';
}
