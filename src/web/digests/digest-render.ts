import { pages } from '../eta.ts';
import { WEB_ASSETS_PATH } from '../render.ts';
import type { DigestPageView } from './digest-page.ts';

export function renderDigestPage(view: DigestPageView): string {
  return pages.render('./digests.eta', { ...view, assets: WEB_ASSETS_PATH });
}
