import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DigestModel, DigestQuestion, PaceRow } from '../../src/core/review/digest-types.ts';
import { QUESTION_KEYS } from '../../src/core/review/questions.ts';
import { asId, type MilestoneKey } from '../../src/core/values/ids.ts';
import { phoneHeightPx } from '../../templates/digest/height.ts';
import { inOneMinute, wordsIn } from '../../templates/digest/one-minute.ts';
import { questionText } from '../../templates/digest/questions.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import { digestView } from '../../templates/digest/view.ts';
import { chromiumAvailable, launchChromium, screenshot } from '../support/chromium.ts';
import { digestFixture } from '../support/digest-model.ts';

const LOCALES = ['fr', 'en'] as const;
const PHONE = { width: 375, height: 812 };

describe.runIf(chromiumAvailable())('the Monday digest in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  async function open(
    html: string,
    width = PHONE.width,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<Page> {
    const page = await browser.newPage({ viewport: { ...PHONE, width }, colorScheme });
    await page.setContent(html, { waitUntil: 'load' });
    return page;
  }

  for (const locale of LOCALES) {
    const { html } = renderDigest(digestFixture(locale));

    it(`in ${locale}, is read in a minute: at most 230 words`, async () => {
      const page = await open(html);
      const words = await wordsOf(page);
      expect(words.length).toBeGreaterThan(100);
      expect(wordsIn(digestView(digestFixture(locale))), 'the mail counts itself as the browser does').toBe(
        words.length,
      );
      expect(words.length, `${words.length} words`).toBeLessThanOrEqual(230);
      await page.close();
    });

    it(`in ${locale}, takes at most 1,600 px of a phone`, async () => {
      const page = await open(html);
      const height = await page.evaluate('document.documentElement.scrollHeight');
      expect(height).toBeLessThanOrEqual(1600);
      await page.close();
    });

    it(`in ${locale}, keeps both limits with the three longest questions of the bank`, async () => {
      const page = await open(
        renderDigest(digestFixture(locale, { questions: longestQuestions(locale) })).html,
      );
      expect((await wordsOf(page)).length).toBeLessThanOrEqual(230);
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(1600);
      await page.close();
    });

    it(`in ${locale}, keeps both limits and leaves no deal out where every name is as long as names can be`, async () => {
      for (const length of [12, 28, 36, 45]) {
        const model = withNames(digestFixture(locale, { questions: longestQuestions(locale) }), length);
        const page = await open(renderDigest(model).html);
        const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
        expect((await wordsOf(page)).length).toBeLessThanOrEqual(230);
        expect(height, `names of ${length} characters`).toBeLessThanOrEqual(1600);
        const estimate = phoneHeightPx(inOneMinute(digestView(model)));
        expect(estimate, `${estimate} estimated, ${height} in Chromium`).toBeGreaterThanOrEqual(height);
        expect(estimate - height, `${estimate} estimated, ${height} in Chromium`).toBeLessThan(160);
        expect(await page.locator('tr.row').count()).toBeGreaterThanOrEqual(9);
        await page.close();
      }
    });

    it(`in ${locale}, never scrolls sideways, on a small phone, a phone or a desk`, async () => {
      for (const width of [320, 375, 600, 1024]) {
        const page = await open(html, width);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.close();
      }
    });

    it(`in ${locale}, calls nobody when it is opened`, async () => {
      const page = await browser.newPage({ viewport: PHONE });
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.setContent(html, { waitUntil: 'networkidle' });
      expect(requests.filter((url) => !url.startsWith('about:') && !url.startsWith('data:'))).toEqual([]);
      await page.close();
    });

    for (const scheme of ['light', 'dark'] as const) {
      it(`in ${locale}, ${scheme}: every text stands out from what is behind it`, async () => {
        for (const width of [375, 700]) {
          const page = await open(html, width, scheme);
          await screenshot(page, `digest-${locale}-${width}-${scheme}`);
          expect(await poorContrasts(page)).toEqual([]);
          await page.close();
        }
      });
    }
  }

  it('still reads when a mail client strips every style sheet', async () => {
    const bare = renderDigest(digestFixture('fr')).html.replace(/<style[\s\S]*?<\/style>/g, '');
    const page = await open(bare);
    await screenshot(page, 'digest-fr-375-nostyle');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(await visibleTextOf(page)).toContain('Questions pour vos 1:1');
    await page.close();
  });

  it('the first week, with little to say, looks like a short mail and not like a broken one', async () => {
    const model = digestFixture('fr', {
      movement: null,
      questions: [],
      stuck: [],
      stuckTotal: 0,
      fast: [],
      accuracy: [],
      verdict: { kind: 'short', losses: [], gains: [] },
    });
    const page = await open(renderDigest(model).html);
    await screenshot(page, 'digest-fr-375-first-week');
    const text = await visibleTextOf(page);
    expect(text).toContain('Premier relevé');
    expect(text).not.toContain('bloquées');
    await page.close();
  });
});

/** A figure and its unit are one word: they are joined by a space that does not break. */
async function wordsOf(page: Page): Promise<readonly string[]> {
  const words = (await visibleTextOf(page)).split(/[ \n\t]+/);
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word));
}

/** Names of so many characters, in words of a usual length. */
function withNames(model: DigestModel, length: number): DigestModel {
  const name = 'Menuiseries Castelbrac - contrat de maintenance pluriannuel'.slice(0, length).trimEnd();
  const named = <Row extends { readonly dealName: string }>(row: Row): Row => ({ ...row, dealName: name });
  const rows = (list: readonly PaceRow[]) => list.map(named);
  return {
    ...model,
    movement: model.movement && { ...model.movement, rows: model.movement.rows.map(named) },
    stuck: rows(model.stuck),
    fast: rows(model.fast),
  };
}

/** Longest as they are read: with their facts. */
function longestQuestions(locale: 'fr' | 'en'): readonly DigestQuestion[] {
  const [first] = digestFixture(locale).questions;
  if (first === undefined) throw new Error('the fixture asks something');
  const facts = {
    days: 184,
    date: Temporal.PlainDate.from('2026-09-28'),
    count: 12,
    milestone: asId<MilestoneKey>('solution'),
  };
  const words = { locale, milestones: digestFixture(locale).milestones, deal: 'Mairie de Lorient' };
  const all = QUESTION_KEYS.map((key) => ({
    ...first,
    ...facts,
    key,
    dealName: 'Mairie de Lorient – billettique',
  }));
  const length = (question: DigestQuestion) => questionText(question, words).length;
  return all.sort((left, right) => length(right) - length(left)).slice(0, 3);
}

async function visibleTextOf(page: Page): Promise<string> {
  return String(await page.evaluate('document.body.innerText'));
}

/** Texts whose contrast is below 4.5:1 (3:1 from 24 px on), by WCAG 2.2, computed in the page. */
async function poorContrasts(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const luminance = (color) => {
      const [r, g, b] = rgb(color).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (rgb(color)[3] !== 0) return color;
      }
      return 'rgb(255, 255, 255)';
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || element.offsetHeight < 3 || element.tagName === 'STYLE') continue;
      const style = getComputedStyle(element);
      const [a, b] = [luminance(style.color), luminance(behind(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) poor.push(node.textContent.trim() + ' ' + ratio.toFixed(2));
    }
    return poor;
  })()`);
}
