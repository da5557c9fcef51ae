/** A manager's Monday, on the whole product as a person starts it: the mail, the pages it leads to, a proof, and the CRM at the end. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable, launchChromium } from '../support/chromium.ts';
import { type DemoProcess, startDemo } from '../support/demo-process.ts';
import { tablesOf } from '../support/table-totals.ts';

describe.runIf(chromiumAvailable())('a manager’s Monday', () => {
  let demo: DemoProcess;
  let browser: Browser;
  let page: Page;
  let mail: Email;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo('fr', ['--weeks', '2']), launchChromium()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'fr-FR' });
    page.setDefaultTimeout(10_000);
    mail = await newestMailTo(demo, 'Claire Vasseur');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.stop();
  });

  it('begins with one mail, and the mail leads to the figure it names', async () => {
    expect(mail.subject).toMatch(/^T\d : /);
    await page.setContent(mail.html ?? '');
    const named = /\d[\d  ]*[  ]k€/.exec(mail.subject ?? '')?.[0];
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Ouvrir la prévision' }).click();
    page = await opened;
    page.setDefaultTimeout(10_000);
    expect(page.url()).toContain(demo.url);
    const shown = await page.locator('[data-figure="forecast"]').first().textContent();
    expect(plain(shown)).toBe(plain(named));
    expect(await page.locator('nav.scope [aria-current]').textContent()).toBe('Claire Vasseur');
  });

  it.each(['fr', 'en'])(
    'shows no total that is not the sum of its parts, on any page (%s)',
    async (locale) => {
      const wrong: string[] = [];
      let totals = 0;
      for (const address of await pagesFrom(page, locale)) {
        const tables = tablesOf(await (await fetch(address)).text());
        totals += tables.reduce((sum, { added }) => sum + added.length, 0);
        wrong.push(...tables.flatMap((table) => table.wrong.map((one) => `${address} ${table.id}: ${one}`)));
      }
      expect(wrong).toEqual([]);
      expect(totals).toBeGreaterThan(40);
    },
  );

  it('goes on in the review, where the deals to prove stand with what is missing', async () => {
    await page.getByRole('link', { name: 'Revue', exact: true }).click();
    await page.getByRole('heading', { name: 'Transactions à prouver' }).waitFor();
    await page.locator('section', { hasText: 'Transactions à prouver' }).locator('tbody a').first().click();
    await page.waitForURL('**/deals/**');
    await page.getByRole('heading', { name: 'Confirmer ou refuser une preuve' }).waitFor();
  });

  it('raises the net amount as soon as the proof is confirmed, and the CRM has it without anybody waiting', async () => {
    const dealId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const before = await netOf(page);
    const written = writesOf(demo, dealId);
    await page.getByLabel('Qui, chez le client').fill('Mme Roy, directrice industrielle');
    await page.getByLabel('Lien vers la preuve').fill('https://docs.example.com/lettre-accord');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.locator('[role="status"]').first().waitFor();
    expect(await netOf(page)).toBeGreaterThan(before);
    await expect.poll(() => writesOf(demo, dealId), { timeout: 20_000 }).toBeGreaterThan(written);
  });

  it('leaves the week as it was sent', async () => {
    const { pathname } = new URL(page.url());
    await page.getByRole('link', { name: 'Prévision', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== pathname);
    const shown = plain(await page.locator('[data-figure="forecast"]').first().textContent());
    expect(plain(mail.subject)).toContain(shown);
  });

  it('ends with the manager’s own figure, frozen with the reason why it differs', async () => {
    await page.getByRole('link', { name: 'Figer', exact: true }).click();
    const computed = await page
      .locator('dt', { hasText: 'Prévision calculée' })
      .locator('+ dd')
      .textContent();
    const cents = BigInt((computed ?? '').replace(/\D/g, ''));
    await page.getByLabel('Votre prévision : tout ce qui sera signé').fill(euros(cents + 500_000n));
    await page.getByLabel('À propos de').first().selectOption({ index: 1 });
    await page.getByLabel('Écart (+ ou −)').first().fill('4 000');
    await page.getByLabel('Raison').first().fill('Mme Roy a promis sa lettre pour vendredi');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    expect(plain(await page.locator('[data-figure="unexplained"]').textContent())).toContain('1 000');
    await page.getByLabel('Écart (+ ou −)').nth(1).fill('1 000');
    await page.getByLabel('Raison').nth(1).fill('La fin d’année');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.getByRole('button', { name: 'Figer pour de bon' }).click();
    await page.getByText('Figé. Ce chiffre ne changera plus.').waitFor();
    expect(plain(await page.locator('#history tbody').textContent())).toContain(
      plain(euros(cents + 500_000n)),
    );
  });
});

/** As a French manager types it. */
function euros(cents: bigint): string {
  return new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2 }).format(Number(cents) / 100);
}

/** Pages of the header as the manager sees them, and those that the review leads to, in one language. */
async function pagesFrom(page: Page, locale: string): Promise<readonly string[]> {
  const linksOf = async (selector: string) =>
    page.locator(selector).evaluateAll((links) => links.map((link) => String(Reflect.get(link, 'href'))));
  const header = await linksOf('nav.site a');
  const start = page.url();
  await page.getByRole('link', { name: 'Revue', exact: true }).click();
  const [deal = ''] = await linksOf('main a[href^="/deals/"]');
  const [sheet = ''] = await linksOf('main a[href^="/one-to-one/"]');
  await page.goto(start);
  return [...header, deal, sheet].map((address) => {
    const url = new URL(address);
    url.searchParams.set('lang', locale);
    return url.toString();
  });
}

async function newestMailTo({ folder }: DemoProcess, name: string): Promise<Email> {
  const files = readdirSync(join(folder, 'mails')).sort().reverse();
  for (const file of files) {
    const mail = await PostalMime.parse(readFileSync(join(folder, 'mails', file)));
    if (mail.to?.some((address) => address.name === name)) return mail;
  }
  throw new Error(`nobody wrote to ${name}`);
}

async function netOf(page: Page): Promise<number> {
  return Number((await page.locator('[data-figure="net"]').textContent())?.replace(/\D/g, ''));
}

/** Writes to the deal that the CRM took. */
function writesOf({ folder }: DemoProcess, dealId: string): number {
  const lines = readFileSync(join(folder, 'crm-journal.jsonl'), 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { lane: string; status: number; ids?: string[] });
  return entries.filter(
    ({ lane, status, ids }) => lane === 'write' && status === 200 && ids?.includes(dealId),
  ).length;
}

/** Spaces of every kind read alike. */
function plain(text: string | null | undefined): string {
  return (text ?? '').replace(/\s+/gu, ' ').trim();
}
