import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forecastPageView } from '../../src/web/forecast/forecast-page.ts';
import { renderForecastPage, WEB_ASSETS_FOLDER } from '../../src/web/render.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import { axeViolations, chromiumAvailable, launchChromium, screenshot } from '../support/chromium.ts';
import { digestFixture } from '../support/digest-model.ts';
import { pageInputFixture } from '../support/forecast-page.ts';

/** No script at all, styles from our own file only: what src/http is free to send. */
const STRICT_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'";

const ASSET_TYPES: Readonly<Record<string, string>> = {
  '/assets/jalon.css': 'text/css',
  '/assets/charts.css': 'text/css',
  '/assets/forecast.css': 'text/css',
  '/assets/icon.svg': 'image/svg+xml',
};

/** The page, its assets and the framed digest, as a browser meets them. */
function startServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const locale = url.searchParams.get('lang') === 'en' ? 'en' : 'fr';
    const asset = ASSET_TYPES[url.pathname];
    if (asset !== undefined) {
      response.writeHead(200, { 'content-type': asset });
      response.end(readFileSync(join(WEB_ASSETS_FOLDER, url.pathname.replace('/assets/', ''))));
    } else if (url.pathname === '/digest/latest') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(renderDigest(digestFixture(locale)).html);
    } else {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': STRICT_POLICY,
      });
      response.end(renderForecastPage(forecastPageView(pageInputFixture(locale))));
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

describe.runIf(chromiumAvailable())('the forecast page in a browser', () => {
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

  async function open(
    locale: string,
    width: number,
    colorScheme: 'light' | 'dark',
  ): Promise<[Page, string[]]> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${origin}/?lang=${locale}`, { waitUntil: 'networkidle' });
    return [page, complaints];
  }

  it.each([
    ['fr', 375, 'dark'],
    ['fr', 1280, 'light'],
    ['en', 375, 'light'],
    ['en', 1280, 'dark'],
  ] as const)(
    '%s, %i px, %s: nobody is kept out, nothing scrolls sideways, the strict policy holds',
    async (locale, width, scheme) => {
      const [page, complaints] = await open(locale, width, scheme);
      await screenshot(page, `page-${locale}-${width}-${scheme}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await axeViolations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('every link and switch that stands alone is 40 px high', async () => {
    const [page] = await open('fr', 375, 'light');
    const heights = await page.evaluate(
      `[...document.querySelectorAll('nav a, summary, .weeks a')].map((one) => one.getBoundingClientRect().height)`,
    );
    expect(Math.min(...(heights as number[]))).toBeGreaterThanOrEqual(40);
    await page.close();
  });

  it('the maths of a deal opens without any script', async () => {
    const [page] = await open('en', 1280, 'light');
    const first = page.locator('details').first();
    expect(await first.locator('li').first().isVisible()).toBe(false);
    await first.locator('summary').click();
    expect(await first.textContent()).toContain('Net: €183,450.67 × 60%');
    await screenshot(page, 'page-en-1280-maths');
    await page.close();
  });
});
