/** A manager's week in a real browser: from the forecast to the review, to a deal, to a confirmed proof, to the sheet on paper. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { asId, type OwnerId, type StageId } from '../../src/core/values/ids.ts';
import { oneToOneView } from '../../src/web/one-to-one/one-to-one-page.ts';
import { renderOneToOnePage } from '../../src/web/render.ts';
import { axeViolations, chromiumAvailable, launchChromium, screenshot } from '../support/chromium.ts';
import { INJECTIONS } from '../support/injection-corpus.ts';
import { oneToOneFixture } from '../support/one-to-one.ts';
import {
  dealAt,
  openSite,
  type SmallCompany,
  type SmallSite,
  smallCompany,
  takeSnapshot,
} from '../support/small-company.ts';
import { enginesFor, type OpenedStore } from '../support/store-engines.ts';
import { date, EUR, instant } from '../support/store-records.ts';

const STAGES = ['contact', 'need', 'solution', 'verbal'];

/** Honest deals in every stage, proven up to the one before; won and lost ones with a past; one deal per text that means harm. */
function deals(): readonly Deal[] {
  const honest = Array.from({ length: 40 }, (_, index) =>
    dealAt(String(100 + index), STAGES[index % 4] ?? '', {
      name: `Ateliers Brossard – lot ${index}`,
      ownerId: asId<OwnerId>(index % 2 === 0 ? 'sophie' : 'karim'),
      properties: STAGES.slice(0, index % 4).map((key) => ({
        name: `jalon_evidence_${key}`,
        value: 'letter',
        filledAt: instant('2026-11-02T09:00:00Z'),
      })),
      amount: { kind: 'money', money: { amountMinor: BigInt(7_300_33 + index * 1_111_07), currency: EUR } },
      closeDateHistory: [1, 2, 3, 4, 5].slice(0, 1 + (index % 5)).map((month) => ({
        closeDate: date(`2026-${String(6 + month).padStart(2, '0')}-15`),
        changedAt: instant(`2026-09-0${month}T09:00:00Z`),
      })),
    }),
  );
  const closed = Array.from({ length: 24 }, (_, index) => closedDeal(index));
  const hostile = INJECTIONS.map((name, index) => dealAt(String(300 + index), 'need', { name }));
  return [...honest, ...closed, ...hostile];
}

/** Three in four went the whole way in ten weeks; the others were lost half-way. */
function closedDeal(index: number): Deal {
  const path = index % 4 === 0 ? ['contact', 'need', 'lost'] : [...STAGES, 'won'];
  const began = instant('2026-01-05T09:00:00Z').add({ hours: 24 * 7 * index });
  return dealAt(String(200 + index), path.at(-1) ?? '', {
    name: `Maison Perrin ${index}`,
    createdAt: began,
    stageHistory: path.map((stage, step) => ({
      stageId: asId<StageId>(stage),
      enteredAt: began.add({ hours: 24 * step * (10 + (index % 9)) }),
    })),
  });
}

const PAGES = [
  '/',
  '/deals/101',
  '/deals/300',
  '/review',
  '/one-to-one/sophie',
  '/gap',
  '/freeze',
  '/digests',
];

describe.runIf(chromiumAvailable())('the pages of a manager in a browser', () => {
  let browser: Browser;
  let opened: OpenedStore;
  let company: SmallCompany;
  let site: SmallSite;

  beforeAll(async () => {
    const [engine] = enginesFor('pages');
    if (engine === undefined) throw new Error('the embedded engine is always there');
    opened = await engine.open();
    company = await smallCompany(opened.store, deals());
    await takeSnapshot(company, '2026-11-16');
    site = await openSite(company);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
    await opened.close();
  });

  interface Look {
    readonly width?: number;
    readonly scheme?: 'light' | 'dark';
    readonly javaScript?: boolean;
  }

  async function open(path: string, { width = 1280, scheme = 'light', javaScript = true }: Look = {}) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      javaScriptEnabled: javaScript,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(site.url + path, { waitUntil: 'load' });
    return { page, complaints };
  }

  /** Rules of access are asked once by night on a phone and once by day at a desk; that nothing breaks out, everywhere. */
  const looks = [
    { locale: 'fr', width: 375, scheme: 'dark', asked: true },
    { locale: 'fr', width: 1280, scheme: 'dark', asked: false },
    { locale: 'en', width: 375, scheme: 'light', asked: false },
    { locale: 'en', width: 1280, scheme: 'light', asked: true },
  ] as const;

  it.each(PAGES.flatMap((path) => looks.map((look) => ({ path, ...look }))))(
    '$path in $locale at $width px, $scheme: nobody is kept out, no name breaks out, nothing scrolls sideways',
    async ({ path, locale, width, scheme, asked }) => {
      const { page, complaints } = await open(`${path}?lang=${locale}&manager=claire`, { width, scheme });
      await screenshot(
        page,
        `${path.replaceAll('/', '-').slice(1) || 'forecast'}-${locale}-${width}-${scheme}`,
      );
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      if (asked) expect(await axeViolations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('leads from the forecast to the CRM, by way of the deal', async () => {
    const { page } = await open('/?lang=en');
    await page.locator('#deals tbody a').first().click();
    await page.waitForURL('**/deals/**');
    const crm = page.getByRole('link', { name: 'Open in HubSpot' });
    expect(await crm.getAttribute('href')).toMatch(/^https:\/\/crm\.test\/4242\/\d+$/);
    await page.context().close();
  });

  it('lets a manager confirm a proof without any script: net changes at once, and on the review the deal is noted', async () => {
    const { page } = await open('/review?lang=en&manager=claire', { javaScript: false });
    await page.getByRole('link', { name: 'Start the review' }).click();
    const deal = page.url();
    await page.goto(`${site.url}/deals/102?lang=en&manager=claire`);
    const net = async () => page.locator('[data-figure="net"]').textContent();
    const before = await net();
    for (const milestone of ['need', 'solution']) {
      await page.getByLabel('Milestone', { exact: true }).selectOption(milestone);
      await page.getByLabel('Who, at the customer').fill('Mme Roy, DAF');
      await page.getByLabel('Link to the evidence').fill('https://docs.example.test/letter');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved. The net amount below').waitFor();
    }
    expect(before).toBe('€2,381');
    expect(await net()).toBe('€3,809');
    expect(deal).toContain('/deals/');
    await page.getByLabel('What was agreed').fill('Mme Roy signs the order on Friday');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await page.getByText('Mme Roy signs the order on Friday').waitFor();
    await page.context().close();
    const { page: sheet } = await open('/one-to-one/sophie?lang=en');
    await sheet.getByText('Mme Roy signs the order on Friday').waitFor();
    await sheet.context().close();
  });

  it('says what is wrong beside the field, and a screen reader finds it', async () => {
    const { page } = await open('/deals/103?lang=fr');
    await page.getByLabel('Lien vers la preuve').fill('javascript:alert(1)');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    const field = page.getByLabel('Qui, chez le client');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.getAttribute('aria-describedby')).toContain('evidence-person-problem');
    expect(await axeViolations(page)).toEqual([]);
    await screenshot(page, 'deal-refused-fr');
    await page.context().close();
  });

  it('refuses the form when another site sends it', async () => {
    const { page } = await open('/deals/104?lang=en');
    await page.route('http://evil.test/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${site.url}/deals/104/notes"><input name="text" value="x"><input name="by" value="claire"><button>go</button></form>`,
      }),
    );
    await page.goto('http://evil.test/');
    const [response] = await Promise.all([
      page.waitForResponse((one) => one.url().includes('/notes')),
      page.getByRole('button', { name: 'go' }).click(),
    ]);
    expect(response.status()).toBe(403);
    await page.context().close();
  });

  it('goes from deal to deal by keyboard', async () => {
    const { page } = await open('/review?lang=en');
    const first = page.locator('a[accesskey="n"]');
    await first.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/deals/**');
    expect(await page.locator('nav.trail').textContent()).toMatch(/1 of \d+/);
    await page.locator('a[accesskey="n"]').focus();
    await page.keyboard.press('Enter');
    await page.getByText(/2 of \d+/).waitFor();
    expect(await page.locator('a[accesskey="p"]').count()).toBe(1);
    await page.context().close();
  });

  it('goes through the meeting by access keys alone: next, previous, nothing to say, a note', async () => {
    const { page } = await open('/review?lang=en&manager=marc');
    expect(await page.getByText(/0 of \d+ reviewed this week/).count()).toBe(1);
    const session = await page.context().newCDPSession(page);
    const press = async (key: string) => {
      // As the keyboard says it: a page's own dispatch of events would not be taken for an access key.
      const code = key.toUpperCase().charCodeAt(0);
      const typed = { modifiers: 1, key, text: key, unmodifiedText: key, windowsVirtualKeyCode: code };
      await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...typed });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...typed });
    };
    await press('n');
    await page.getByText(/1 of \d+ · 0 reviewed/).waitFor();
    await press('n');
    await page.getByText(/2 of \d+ · 0 reviewed/).waitFor();
    await press('p');
    await page.getByText(/1 of \d+ · 0 reviewed/).waitFor();
    await press('v');
    await page.getByText(/2 of \d+ · 1 reviewed/).waitFor();
    await press('m');
    await page.waitForFunction(`document.activeElement.id === 'note-text'`);
    await page.keyboard.type('Offer by Friday');
    expect(await page.getByLabel('What was agreed').inputValue()).toBe('Offer by Friday');
    await page.context().close();
  });

  it('decides on a proof from the list of the meeting, without a script', async () => {
    const { page } = await open('/review?lang=en&manager=claire', { javaScript: false });
    const row = page.locator('#unproven tbody tr', { has: page.locator('.decide') }).first();
    const name = await row.locator('th a').textContent();
    await row.locator('.decide summary').click();
    await row.getByLabel('I refuse this evidence').check();
    await row.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL('**/review**');
    expect(new URL(page.url()).hash).toMatch(/^#deal-/);
    expect(
      await page
        .locator('#unproven tr', { hasText: name ?? '' })
        .first()
        .textContent(),
    ).toContain('proof refused');
    await page.context().close();
  });

  it('freezes a figure step by step, without a script: refused, mended, read once more, kept', async () => {
    const { page } = await open('/freeze?lang=fr&manager=claire', { javaScript: false });
    const computed = (await page.locator('[data-figure="computed"]').textContent()) ?? '';
    await page.getByLabel('Votre prévision').fill('1,25 M€');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    const left = await page.locator('[data-figure="unexplained"]').textContent();
    expect(left).toMatch(/^Reste à expliquer\s: [\d\s,]+€$/);
    expect(await page.getByLabel('Votre prévision').inputValue()).toBe('1,25 M€');
    await screenshot(page, 'freeze-refused-fr');
    await page.getByRole('button', { name: 'Ajouter une ligne' }).click();
    expect(await page.getByLabel('Raison').count()).toBe(3);
    await page
      .getByLabel('Écart (+ ou −)')
      .first()
      .fill((left ?? '').replace(/^[^\d]*/, ''));
    await page.getByLabel('Raison').first().fill('Commande promise pour le 30');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.getByText('ne pourra changer ni effacer').waitFor();
    await screenshot(page, 'freeze-confirm-fr');
    await page.getByRole('button', { name: 'Figer pour de bon' }).click();
    await page.getByText('Ce chiffre ne changera plus').waitFor();
    expect(await page.locator('#history').textContent()).toContain(computed);
    await page.context().close();
    for (const width of [375, 1280]) {
      const { page: kept } = await open('/freeze?lang=fr&manager=claire', { width });
      await screenshot(kept, `freeze-kept-fr-${width}`);
      expect(await axeViolations(kept)).toEqual([]);
      expect(await kept.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await kept.context().close();
    }
  });

  it('every link that stands alone, field and button is 40 px high on a phone', async () => {
    for (const path of ['/deals/101', '/review', '/gap', '/freeze', '/digests']) {
      const { page } = await open(`${path}?lang=fr&manager=claire`, { width: 375 });
      for (const summary of await page.locator('.decide summary').all()) await summary.click();
      const heights = (await page.evaluate(
        `[...document.querySelectorAll('nav a, .button, input:not([type=radio]):not([type=hidden]), select, .choice')].map((one) => one.getBoundingClientRect().height)`,
      )) as number[];
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(40);
      await page.context().close();
    }
  });

  it('what closes the gap adds up to its total, with the others that are not shown', async () => {
    for (const locale of ['fr', 'en']) {
      const { page } = await open(`/gap?lang=${locale}`);
      const cells = await page.locator('#actions .gain').allTextContents();
      const figures = cells.map((text) => BigInt(text.replace(/\D/g, '')));
      expect(figures.length).toBeGreaterThan(3);
      expect(figures.slice(0, -1).reduce((sum, one) => sum + one, 0n)).toBe(figures.at(-1));
      await page.context().close();
    }
  });

  it.each(['fr', 'en'] as const)(
    'the sheet of a one-to-one is one page of A4, also when it is full (%s)',
    async (locale) => {
      const { page } = await open('/review');
      await page.route('**/full-sheet', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: renderOneToOnePage(oneToOneView(oneToOneFixture(locale))),
        }),
      );
      await page.goto(`${site.url}/full-sheet`, { waitUntil: 'networkidle' });
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 710, height: 1_040 });
      await screenshot(page, `sheet-paper-${locale}`);
      await page.context().close();
    },
  );
});
