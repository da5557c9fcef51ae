import { describe, expect, it } from 'vitest';
import { type OneToOneInput, oneToOneView, SHEET_LIMITS } from '../../src/web/one-to-one/one-to-one-page.ts';
import { renderOneToOnePage } from '../../src/web/render.ts';
import { HOSTILE } from '../support/forecast-page.ts';
import { oneToOneFixture } from '../support/one-to-one.ts';

const render = (locale: 'fr' | 'en', changes: Partial<OneToOneInput> = {}) =>
  renderOneToOnePage(oneToOneView(oneToOneFixture(locale, changes)));

describe('the sheet of a one-to-one', () => {
  it('asks questions that all differ, each about one deal', () => {
    const { frozen, further } = oneToOneFixture('en').questions;
    const questions = [...frozen, ...further];
    expect(questions).toHaveLength(SHEET_LIMITS.questions);
    expect(new Set(questions.map(({ key }) => key)).size).toBe(questions.length);
    expect(new Set(questions.map(({ dealId }) => dealId)).size).toBe(questions.length);
  });

  it('marks what the mail asked, and says what became of last week’s questions', () => {
    const html = render('en');
    expect(html.match(/in Monday’s digest/g)).toHaveLength(2);
    expect(html).toContain('Asked on 1 June 2026');
    expect(html.match(/>settled</g)).toHaveLength(1);
    expect(html.match(/>open</g)).toHaveLength(1);
    expect(html.indexOf('id="questions-title"')).toBeLessThan(html.indexOf('id="last-title"'));
  });

  it('asks for no number and shows no amount: there is nothing to type in, and no currency', () => {
    for (const locale of ['fr', 'en'] as const) {
      const html = render(locale);
      expect(html).not.toMatch(/<input|<textarea|<select|€/);
    }
  });

  it('compares nobody with anybody: one name, no rank, no target', () => {
    const text = render('en').replace(/<header[\s\S]*<\/header>/, '');
    expect(text).toContain('1:1 with Karim Benali');
    expect(text).not.toMatch(/Sophie|rank|best|worst|average|target|top \d/i);
  });

  it('adds up the activity, row by row and column by column', () => {
    const table = /<table id="mix">[\s\S]*?<\/table>/.exec(render('en'))?.[0] ?? '';
    const rows = table
      .split('</tr>')
      .map((row) =>
        [...row.matchAll(/<td class="num">([\d,]*)</g)].map(([, cell = '']) => Number(cell.replace(',', ''))),
      )
      .filter((row) => row.length === 3);
    const total = rows.at(-1) ?? [];
    for (const [customer = 0, internal = 0, all] of rows) expect(customer + internal).toBe(all);
    for (const column of [0, 1, 2])
      expect(rows.slice(0, -1).reduce((sum, row) => sum + (row[column] ?? 0), 0)).toBe(total[column]);
    expect(total).toEqual([1_243, 8, 1_251]);
  });

  it('says who agreed to what, and says so when nothing was', () => {
    expect(render('fr')).toContain('Claire Dumas, 2 juin 2026');
    const html = render('fr', {
      notes: [],
      questions: { frozen: [], further: [], last: null },
      toProve: [],
      mix: [],
    });
    expect(html).toContain('Aucune note ces quatre dernières semaines.');
    expect(html).toContain('Aucune question cette semaine.');
  });

  it('keeps hostile names as text', () => {
    const base = oneToOneFixture('en');
    const html = render('en', {
      owner: { ...base.owner, name: HOSTILE },
      notes: base.notes.map((note) => ({ ...note, text: HOSTILE })),
      questions: {
        ...base.questions,
        further: base.questions.further.map((question) => ({ ...question, dealName: HOSTILE })),
      },
      toProve: base.toProve.map((line) => ({ ...line, dealName: HOSTILE })),
      dealNames: new Map([[base.notes[0]?.dealId ?? '', HOSTILE]]),
    });
    expect(html).not.toMatch(/<script>|<img src=x|\u202E/);
  });
});
