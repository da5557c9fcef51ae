import { describe, expect, it } from 'vitest';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import { defaultModel } from '../../src/core/milestones/default-model.ts';
import { reviewQueue, reviewSections } from '../../src/core/review/review.ts';
import { asId, type DealId, type OwnerId } from '../../src/core/values/ids.ts';
import { renderReviewPage } from '../../src/web/render.ts';
import { REVIEW_ROWS, type ReviewPageInput } from '../../src/web/review/review-input.ts';
import { reviewPageView } from '../../src/web/review/review-page.ts';
import { digestFixture, EUR, milestoneKey } from '../support/digest-model.ts';
import { HOSTILE, lineFixture, pageInputFixture } from '../support/forecast-page.ts';

const ASOF = Temporal.PlainDate.from('2026-06-08');
/** Each milestone takes the word of a manager. */
const PROVABLE = defaultModel().milestones;
const PROVEN: Partial<ForecastLine> = { unprovenMinor: 0n, lastCustomerContact: ASOF };

const line = (index: number, changes: Partial<ForecastLine>) => lineFixture(index, { ...PROVEN, ...changes });

function sectionsOf(...lines: readonly ForecastLine[]) {
  return new Map(
    reviewSections(lines, ASOF).map(({ kind, lines: found }) => [kind, found.map(({ dealId }) => dealId)]),
  );
}

describe('the list of the weekly review', () => {
  it('names a deal once per fact: stuck, silent and pushed are three facts', () => {
    const found = sectionsOf(
      line(1, {
        pace: 'stuck',
        lastCustomerContact: Temporal.PlainDate.from('2026-05-20'),
        closeDatePushes: 3,
      }),
      line(2, { pace: 'fast' }),
      line(3, { unprovenMinor: 5n }),
    );
    expect(Object.fromEntries(found)).toEqual({
      stuck: ['2001'],
      unproven: ['2003'],
      silent: ['2001'],
      pushed: ['2001'],
      fast: ['2002'],
    });
  });

  it('says nothing of silence when the CRM knows of no exchange at all', () => {
    expect(sectionsOf(line(1, { lastCustomerContact: null })).get('silent')).toEqual([]);
  });

  it('leaves out what is closed or in no sum', () => {
    const found = sectionsOf(
      line(1, { pace: 'stuck', standing: 'won' }),
      line(2, { pace: 'stuck', exclusion: 'amount_missing' }),
    );
    expect(found.get('stuck')).toEqual([]);
  });

  it('puts the largest stake first', () => {
    const small = line(1, { pace: 'stuck', netMinor: 5n });
    const large = line(2, { pace: 'stuck', netMinor: 500n });
    expect(sectionsOf(small, large).get('stuck')).toEqual([large.dealId, small.dealId]);
  });

  it('leads through each deal once: what moved first, then section by section', () => {
    const sections = reviewSections(
      [line(1, { pace: 'stuck', closeDatePushes: 4 }), line(2, { pace: 'fast' })],
      ASOF,
    );
    const { movement } = digestFixture('en');
    const queue = reviewQueue(movement, sections, 2);
    expect(queue).toEqual(['101', '102', '2001', '2002']);
  });
});

function input(locale: 'fr' | 'en', changes: Partial<ReviewPageInput> = {}): ReviewPageInput {
  const { header, owners, managers } = pageInputFixture(locale);
  const lines = Array.from({ length: 30 }, (_, index) =>
    lineFixture(index, {
      pace: 'stuck',
      closeDatePushes: index % 5,
      lastCustomerContact: Temporal.PlainDate.from('2026-05-04'),
    }),
  );
  return {
    locale,
    managerId: 'm1',
    header,
    currency: EUR,
    asOf: ASOF,
    movement: digestFixture(locale).movement,
    comparedWith: Temporal.PlainDate.from('2026-06-01'),
    sections: reviewSections(
      [...lines, line(40, { pace: 'fast', passed: { milestone: milestoneKey('need'), days: 4 } })],
      ASOF,
    ),
    norms: [
      {
        milestone: milestoneKey('need'),
        fastBelowDays: 6,
        medianDays: 14,
        stuckAboveDays: 30,
        source: 'own_history',
        n: 40,
      },
    ],
    owners,
    today: ASOF,
    milestones: PROVABLE,
    managers,
    progress: { reviewed: 1, total: 18, next: asId<DealId>('101') },
    marks: new Map([[asId<DealId>('2000'), 'note']]),
    saved: null,
    ...changes,
  };
}

const render = (locale: 'fr' | 'en', changes: Partial<ReviewPageInput> = {}) =>
  renderReviewPage(reviewPageView(input(locale, changes)));

const figure = (text: string): bigint => {
  const digits = BigInt(text.replace(/[^\d]/g, '') || '0');
  return text.includes('\u2212') ? -digits : digits;
};

function amounts(html: string, id: string): bigint[] {
  const table = new RegExp(`<table id="${id}"[\\s\\S]*?</table>`).exec(html)?.[0] ?? '';
  return [...table.matchAll(/<td[^>]*class="num[^"]*"[^>]*>([^<]*)</g)].map(([, text = '']) => figure(text));
}

describe('the review page', () => {
  for (const locale of ['fr', 'en'] as const) {
    it(`in ${locale}, every list adds up to its total, with the others that are not shown`, () => {
      const html = render(locale);
      for (const id of ['moved', 'stuck', 'unproven', 'silent', 'pushed', 'fast']) {
        const cells = amounts(html, id);
        expect(cells.slice(0, -1).reduce((sum, cell) => sum + cell, 0n)).toBe(cells.at(-1));
        expect(cells.length).toBeLessThanOrEqual(REVIEW_ROWS + 3);
        expect(cells.length).toBeGreaterThan(1);
      }
    });
  }

  it('says the fact that brought a deal into a list', () => {
    const html = render('en');
    expect(html).toContain('last exchange on 4 May 2026, 35 days ago');
    expect(html).toContain('pushed 4 times');
    expect(html).toContain('“Need confirmed” in 4 days, median 14');
    expect(html).toContain('“Verbal commitment” to be proven');
    expect(html).toContain('18 other deals');
  });

  it('starts the meeting at the first deal, by a key', () => {
    expect(render('fr')).toContain('accesskey="n" href="/deals/101?lang=fr&amp;manager=m1"');
    expect(render('fr', { progress: { reviewed: 0, total: 0, next: null } })).not.toContain('accesskey');
  });

  it('lists people by name, in no order of merit', () => {
    const html = render('en');
    expect(html.indexOf('Karim Benali')).toBeLessThan(html.indexOf('Sophie Lemoine'));
    expect(html).toContain('/one-to-one/o1?lang=en');
  });

  it('of a first week says so, and of an empty one too', () => {
    const html = render('en', { movement: null, sections: reviewSections([], ASOF) });
    expect(html).toContain('Nothing this week.');
    expect(html).not.toContain('<table');
  });

  it('keeps hostile names as text', () => {
    const base = input('en');
    const html = render('en', {
      header: { ...base.header, company: HOSTILE },
      owners: base.owners.map((owner) => ({ ...owner, id: owner.id as OwnerId, name: HOSTILE })),
      managers: base.managers.map((manager) => ({ ...manager, name: HOSTILE })),
      milestones: PROVABLE.map((one) => ({ ...one, label: { fr: HOSTILE, en: HOSTILE } })),
      sections: base.sections.map((section) => ({
        ...section,
        lines: section.lines.map((one) => ({ ...one, dealName: HOSTILE, dealId: asId<DealId>(HOSTILE) })),
      })),
    });
    expect(html).not.toMatch(/<script>|<img src=x|\u202E/);
  });
});
