/** Debian's Chromium through playwright-core: pages and mails are measured and looked at in a real browser. */
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Background calls off: a test browser must not speak to anybody. No sandbox, because containers run tests as root. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function chromiumPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(executable) ?? null;
}

/** For `describe.runIf(chromiumAvailable())`; says on stderr why a suite does not run. */
export function chromiumAvailable(): boolean {
  const available = chromiumPath() !== null;
  if (!available) process.stderr.write('no chromium on PATH: browser tests do not run\n');
  return available;
}

export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('no chromium on PATH');
  return chromium.launch({ executablePath, args: ARGUMENTS, headless: true });
}

/**
 * With SCREENSHOTS=1, the whole page as PNG under screenshots/ of the repository (not committed): fixtures in states that the demo does not
 * show. `npm run screenshots` takes the pages of the demo.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] !== '1') return;
  const folder = join(import.meta.dirname, '..', '..', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What axe-core finds against accessibility in a page, one line per rule; a framed mail is judged by itself. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(readFileSync(axe, 'utf8'));
  return page.evaluate<readonly string[]>(
    `axe.run(document, { iframes: false }).then((report) => report.violations.map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(' | ')))`,
  );
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
