/**
 * `npm run screenshots`: every page and the mail of the demo company, as a manager sees them. French and English, phone and desk, light and
 * dark, into `screenshots/` (not committed); with `-- --readme` only the four pictures of the README, into `docs/images/`.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import PostalMime from 'postal-mime';
import { chromiumAvailable, launchChromium } from '../test/support/chromium.ts';
import { type DemoProcess, startDemo } from '../test/support/demo-process.ts';

const ROOT = join(import.meta.dirname, '..');
const LOCALES = ['fr', 'en'] as const;
type Locale = (typeof LOCALES)[number];

const SCREENS = {
  phone: { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2 },
  desk: { viewport: { width: 1280, height: 860 } },
} as const satisfies Record<string, BrowserContextOptions>;
const SCHEMES = ['light', 'dark'] as const;

/** A sheet of paper is reached by a link like any page; these lead to pages that no header names. */
const REACHED_FROM_REVIEW = { deal: 'main a[href^="/deals/"]', 'one-to-one': 'main a[href^="/one-to-one/"]' };

const README_PICTURES = [
  { name: 'forecast', subject: 'forecast', locale: 'en', screen: 'desk', scheme: 'light' },
  { name: 'digest', subject: 'mail', locale: 'fr', screen: 'phone', scheme: 'light' },
  { name: 'review', subject: 'review', locale: 'en', screen: 'desk', scheme: 'dark' },
  { name: 'reliability', subject: 'reliability', locale: 'fr', screen: 'desk', scheme: 'light' },
] as const;

interface Subject {
  readonly name: string;
  show(page: Page): Promise<void>;
}

async function subjectsOf(browser: Browser, demo: DemoProcess, locale: Locale): Promise<readonly Subject[]> {
  const addresses = await addressesOf(browser, demo, locale);
  const html = await newestMail(demo);
  return [
    ...addresses.map(([name, address]) => ({
      name,
      show: async (page: Page) => {
        await page.goto(address, { waitUntil: 'load' });
      },
    })),
    { name: 'mail', show: (page: Page) => page.setContent(html, { waitUntil: 'load' }) },
  ];
}

/** Pages of the header as the first manager of the company sees them, then those that the review leads to. */
async function addressesOf(
  browser: Browser,
  demo: DemoProcess,
  locale: Locale,
): Promise<readonly (readonly [string, string])[]> {
  const page = await browser.newPage();
  await page.goto(`${demo.url}/?lang=${locale}`);
  await page.goto(await href(page, 'nav:not(.site) a[href*="manager="]'));
  const header: string[] = await page
    .locator('nav.site a')
    .evaluateAll((links) => links.map((link) => (link as unknown as { readonly href: string }).href));
  const named = header.map((address) => [new URL(address).pathname.slice(1) || 'forecast', address] as const);
  const review = named.find(([name]) => name === 'review');
  if (review === undefined) throw new Error('the header leads to no review');
  await page.goto(review[1]);
  const reached: (readonly [string, string])[] = [];
  for (const [name, selector] of Object.entries(REACHED_FROM_REVIEW))
    reached.push([name, await href(page, selector)]);
  await page.close();
  return [...named, ...reached];
}

async function href(page: Page, selector: string): Promise<string> {
  return page
    .locator(selector)
    .first()
    .evaluate((link) => (link as unknown as { readonly href: string }).href);
}

/** To the manager whose pages are shown: the first one was written to first. */
async function newestMail({ folder }: DemoProcess): Promise<string> {
  const files = readdirSync(join(folder, 'mails')).sort();
  const mails = await Promise.all(
    files.map((file) => PostalMime.parse(readFileSync(join(folder, 'mails', file)))),
  );
  const name = mails[0]?.to?.[0]?.name;
  const html = mails.findLast(({ to }) => to?.[0]?.name === name)?.html;
  if (html === undefined) throw new Error('the demo mailed nothing');
  return html;
}

async function take(
  browser: Browser,
  subject: Subject,
  screen: keyof typeof SCREENS,
  colorScheme: (typeof SCHEMES)[number],
  path: string,
  fullPage: boolean,
): Promise<void> {
  const context = await browser.newContext({ ...SCREENS[screen], colorScheme });
  const page = await context.newPage();
  await subject.show(page);
  await page.screenshot({ path, fullPage });
  await context.close();
}

async function everything(browser: Browser, demo: DemoProcess, locale: Locale): Promise<void> {
  const folder = join(ROOT, 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const subject of await subjectsOf(browser, demo, locale))
    for (const screen of Object.keys(SCREENS) as (keyof typeof SCREENS)[])
      for (const scheme of SCHEMES) {
        const name = `${subject.name}-${locale}-${screen}-${scheme}.png`;
        await take(browser, subject, screen, scheme, join(folder, name), true);
        process.stdout.write(`screenshots/${name}\n`);
      }
}

async function readmeOnly(browser: Browser, demo: DemoProcess, locale: Locale): Promise<void> {
  const folder = join(ROOT, 'docs', 'images');
  mkdirSync(folder, { recursive: true });
  const subjects = await subjectsOf(browser, demo, locale);
  for (const picture of README_PICTURES.filter((one) => one.locale === locale)) {
    const subject = subjects.find(({ name }) => name === picture.subject);
    if (subject === undefined) throw new Error(`nothing is called ${picture.subject}`);
    const file = `${picture.name}.png`;
    await take(
      browser,
      subject,
      picture.screen,
      picture.scheme,
      join(folder, file),
      picture.subject === 'mail',
    );
    process.stdout.write(`docs/images/${file}\n`);
  }
}

if (!chromiumAvailable()) process.exit(1);
const work = process.argv.includes('--readme') ? readmeOnly : everything;
const browser = await launchChromium();
for (const locale of LOCALES) {
  const demo = await startDemo(locale, ['--weeks', '4']);
  try {
    await work(browser, demo, locale);
  } finally {
    await demo.stop();
  }
}
await browser.close();
