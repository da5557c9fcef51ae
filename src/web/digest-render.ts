import { join } from 'node:path';
import { Eta } from 'eta';
import type { DigestPageView } from './digest-page.ts';
import { WEB_ASSETS_PATH } from './render.ts';

const pages = new Eta({ views: join(import.meta.dirname, 'views'), autoEscape: true, cache: true });

export function renderDigestPage(view: DigestPageView): string {
  return pages.render('./digests.eta', { ...view, assets: WEB_ASSETS_PATH });
}
