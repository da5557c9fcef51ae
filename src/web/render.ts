import { join } from 'node:path';
import { translate } from '../../templates/i18n/translate.ts';
import type { Locale } from '../core/milestones/milestone.ts';
import type { DealPageView } from './deal/deal-page.ts';
import { pages } from './eta.ts';
import type { ForecastPageView } from './forecast/forecast-page.ts';
import type { FreezePageView } from './freeze/freeze-page.ts';
import type { GapPageView } from './gap/gap-page.ts';
import type { OneToOneView } from './one-to-one/one-to-one-page.ts';
import type { ReviewPageView } from './review/review-page.ts';

/** Folder and address of the style sheet and icons: `app.use(WEB_ASSETS_PATH, express.static(WEB_ASSETS_FOLDER))`. */
export const WEB_ASSETS_FOLDER = join(import.meta.dirname, 'assets');
export const WEB_ASSETS_PATH = '/assets';

/** The whole document. It needs no script and no inline style, so the strictest content security policy holds. */
export function renderForecastPage(view: ForecastPageView): string {
  return pages.render('./forecast.eta', { ...view, assets: WEB_ASSETS_PATH });
}

export function renderDealPage(view: DealPageView): string {
  return pages.render('./deal.eta', { ...view, assets: WEB_ASSETS_PATH });
}

export function renderReviewPage(view: ReviewPageView): string {
  return pages.render('./review.eta', { ...view, assets: WEB_ASSETS_PATH });
}

export function renderOneToOnePage(view: OneToOneView): string {
  return pages.render('./one-to-one.eta', { ...view, assets: WEB_ASSETS_PATH });
}

export function renderGapPage(view: GapPageView): string {
  return pages.render('./gap.eta', { ...view, assets: WEB_ASSETS_PATH });
}

export function renderFreezePage(view: FreezePageView): string {
  return pages.render('./freeze.eta', { ...view, assets: WEB_ASSETS_PATH });
}

/** An address that leads to nothing we hold. */
export function renderNotFoundPage(locale: Locale): string {
  return pages.render('./notice.eta', {
    locale,
    title: translate(locale, 'page.not_found'),
    text: translate(locale, 'page.not_found_next'),
    assets: WEB_ASSETS_PATH,
  });
}

/** Before the first snapshot: what to do to get one. */
export function renderNoForecastPage(locale: Locale): string {
  const title = translate(locale, 'page.no_forecast');
  return pages.render('./notice.eta', {
    locale,
    title,
    text: translate(locale, 'page.no_forecast_next'),
    assets: WEB_ASSETS_PATH,
  });
}
