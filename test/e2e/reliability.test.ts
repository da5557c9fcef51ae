import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reliabilityPageView } from '../../src/web/reliability/reliability-page.ts';
import {
  renderReliabilityFile,
  renderReliabilityPage,
} from '../../src/web/reliability/reliability-render.ts';
import { WEB_ASSETS_FOLDER } from '../../src/web/render.ts';
import { axeViolations, chromiumAvailable, launchChromium, screenshot } from '../support/chromium.ts';
import { reliabilityFixture } from '../support/reliability.ts';

/** What src/http sends: no script at all, styles from our own files only. */
const STRICT_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'";
/** A file that is opened from a disk or a mail: only what is in it. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const ASSETS: Readonly<Record<string, string>> = {
  '/assets/jalon.css': 'text/css',
  '/assets/reliability.css': 'text/css',
  '/assets/icon.svg': 'image/svg+xml',
};

function startServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const locale = url.searchParams.get('lang') === 'en' ? 'en' : 'fr';
    const asset = ASSETS[url.pathname];
    const type = asset ?? 'text/html; charset=utf-8';
    const policy = url.pathname === '/file' ? FILE_POLICY : STRICT_POLICY;
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
    if (asset !== undefined)
      response.end(readFileSync(join(WEB_ASSETS_FOLDER, url.pathname.replace('/assets/', ''))));
    else if (url.pathname === '/file') response.end(renderReliabilityFile(reliabilityFixture(locale)));
    else response.end(renderReliabilityPage(reliabilityPageView(reliabilityFixture(locale))));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

describe.runIf(chromiumAvailable())('the reliability page in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = await startServer();
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function open(path: string, width: number, colorScheme: 'light' | 'dark'): Promise<[Page, string[]]> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('favicon')) complaints.push(message.text());
    });
    await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' });
    return [page, complaints];
  }

  for (const [path, width, scheme] of [
    ['/reliability?lang=fr', 375, 'dark'],
    ['/reliability?lang=en', 1280, 'light'],
    ['/file?lang=fr', 1280, 'dark'],
    ['/file?lang=en', 375, 'light'],
  ] as const) {
    it(`${path}, ${width} px, ${scheme}: nobody is kept out, nothing scrolls sideways, the policy holds`, async () => {
      const [page, complaints] = await open(path, width, scheme);
      await screenshot(page, `reliability-${path.slice(1).replace(/\W+/g, '-')}-${width}-${scheme}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      expect(await axeViolations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    });
  }

  it('no text of a chart runs out of its picture', async () => {
    const [page] = await open('/file?lang=fr', 1280, 'light');
    const outside =
      await page.evaluate(`[...document.querySelectorAll('.chart svg[role=img] text')].filter((text) => {
      const box = text.getBBox();
      const view = text.ownerSVGElement.viewBox.baseVal;
      return box.x < -0.5 || box.x + box.width > view.width + 0.5 || box.y + box.height > view.height + 0.5;
    }).map((text) => text.textContent)`);
    expect(outside).toEqual([]);
    await page.close();
  });
});
