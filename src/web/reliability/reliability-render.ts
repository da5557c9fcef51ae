import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { translate } from '../../../templates/i18n/translate.ts';
import type { Locale } from '../../core/milestones/milestone.ts';
import { pages } from '../eta.ts';
import { WEB_ASSETS_FOLDER, WEB_ASSETS_PATH } from '../render.ts';
import type { ReliabilityInput } from './reliability-input.ts';
import { type ReliabilityPageView, reliabilityPageView } from './reliability-page.ts';

/** For the web app: styles come from our own files, so that the strict policy holds. */
export function renderReliabilityPage(view: ReliabilityPageView): string {
  return pages.render('./reliability.eta', { ...view, styles: null, assets: WEB_ASSETS_PATH });
}

/** One file that needs nothing else: styles inside, no script, no address outside. */
export function renderReliabilityFile(input: ReliabilityInput): string {
  const styles = ['jalon.css', 'charts.css', 'reliability.css'].map((name) =>
    readFileSync(join(WEB_ASSETS_FOLDER, name), 'utf8'),
  );
  return pages.render('./reliability.eta', {
    ...reliabilityPageView(input),
    styles: styles.join('\n'),
    assets: '',
  });
}

/** Before the first replay: when there will be one. */
export function renderNoReliabilityPage(locale: Locale): string {
  return pages.render('./notice.eta', {
    locale,
    title: translate(locale, 'reliability.none'),
    text: translate(locale, 'reliability.none_next'),
    assets: WEB_ASSETS_PATH,
  });
}
