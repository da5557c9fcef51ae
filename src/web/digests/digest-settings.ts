/** The page behind "settings" and "unsubscribe" in the mail: what is set now, and buttons that change it. */

import { fullDateText } from '../../../templates/format.ts';
import { translate } from '../../../templates/i18n/translate.ts';
import type { Manager } from '../../core/deals/manager.ts';
import { pages } from '../eta.ts';
import { WEB_ASSETS_PATH } from '../render.ts';

const PAUSES_WEEKS = [1, 2, 4];

/** `saved` is the choice that was just made; null when the page was only opened. */
export function renderDigestSettings(manager: Manager, saved: 'on' | 'off' | 'pause' | null): string {
  const { locale } = manager;
  return pages.render('./digest-settings.eta', {
    locale,
    assets: WEB_ASSETS_PATH,
    title: translate(locale, 'settings.title'),
    state: stateText(manager),
    saved: saved === null ? null : translate(locale, 'settings.saved'),
    on:
      manager.digest === 'off' || manager.digestPausedUntil !== null
        ? translate(locale, 'settings.turn_on')
        : null,
    off: manager.digest === 'on' ? translate(locale, 'settings.turn_off') : null,
    until: manager.digest === 'on' ? translate(locale, 'settings.until') : null,
    pauseButton: translate(locale, 'settings.pause_button'),
    pauses:
      manager.digest === 'on'
        ? PAUSES_WEEKS.map((weeks) => ({
            weeks,
            text: translate(locale, 'settings.pause', { count: weeks }),
          }))
        : [],
  });
}

function stateText({ locale, digest, digestPausedUntil }: Manager): string {
  if (digest === 'off') return translate(locale, 'settings.is_off');
  if (digestPausedUntil === null) return translate(locale, 'settings.is_on');
  return translate(locale, 'settings.is_paused', { date: fullDateText(digestPausedUntil, locale) });
}
