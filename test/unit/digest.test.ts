import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiledPath, compileMail, MAILS } from '../../scripts/build-templates.ts';
import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { inOneMinute, wordsIn } from '../../templates/digest/one-minute.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import { digestView } from '../../templates/digest/view.ts';
import { digestFixture, summaryFixture } from '../support/digest-model.ts';
import { HOSTILE } from '../support/forecast-page.ts';

const LOCALES = ['fr', 'en'] as const;

/** "+1 234 k€" or "−€24k" -> whole displayed steps. */
function steps(text: string): bigint {
  const digits = text.replace(/[^\d]/g, '');
  return text.includes('\u2212') ? -BigInt(digits) : BigInt(digits);
}

function factOf(model: DigestModel, label: string): bigint {
  const fact = digestView(model).headline.facts.find((candidate) => candidate.label === label);
  if (fact === undefined) throw new Error(`no fact ${label}`);
  return steps(fact.value);
}

describe('the digest mail', () => {
  it('is compiled from its MJML source: run `npm run templates:build` after a change', async () => {
    for (const mail of MAILS) expect(readFileSync(compiledPath(mail), 'utf8')).toBe(await compileMail(mail));
  });

  for (const locale of LOCALES) {
    const mail = renderDigest(digestFixture(locale));

    it(`in ${locale}, fits what phones and mail clients show`, () => {
      expect(mail.subject.length).toBeLessThanOrEqual(45);
      expect(mail.preheader.length).toBeLessThanOrEqual(90);
      expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(60 * 1024);
    });

    it(`in ${locale}, has no image, no script and no address but ours and the CRM’s`, () => {
      expect(mail.html).not.toMatch(/<img|<script|background-image|url\(|@import|<link/i);
      const hosts = new Set(
        [...mail.html.matchAll(/(?:href|src)="(?:https?:)?\/\/([^/"]+)/g)].map(([, host]) => host),
      );
      expect([...hosts].sort()).toEqual(['app.hubspot.test', 'jalon.example.test']);
    });

    it(`in ${locale}, prints no unfilled placeholder and no template tag`, () => {
      for (const part of [mail.html, mail.text, mail.subject])
        expect(part).not.toMatch(/undefined|\[object|<%|%>|\{\w+\}|NaN/);
    });

    it(`in ${locale}, says the same in its text part`, () => {
      const view = digestView(digestFixture(locale));
      for (const row of view.moved?.rows ?? []) expect(mail.text).toContain(`${row.change}  ${row.name}`);
      for (const question of view.questions?.rows ?? [])
        expect(mail.text).toContain(`${question.rep}. ${question.text}`);
      for (const link of [view.open, view.footer.settings, view.footer.unsubscribe, view.footer.browser])
        expect(mail.text).toContain(`${link.text} → ${link.link}`);
      expect(mail.text).not.toMatch(/&(amp|lt|gt|#39|quot);/);
    });
  }

  it('puts the week’s own numbers in the subject', () => {
    expect(renderDigest(digestFixture('fr')).subject).toBe(
      'T2\u00A0: 612\u00A0k€ sur 850\u00A0k€ (72\u00A0%) · 6 bloquées',
    );
    expect(renderDigest(digestFixture('en')).subject).toBe('Q2: €612k of €850k (72%) · 6 stuck');
  });

  it('shortens the subject by its least important part first', () => {
    const period = {
      ...summaryFixture().period,
      kind: 'month' as const,
      start: Temporal.PlainDate.from('2026-09-01'),
    };
    const summary = summaryFixture({ period });
    const { subject } = renderDigest(digestFixture('fr', { summary, stuckTotal: 118 }));
    expect(subject).toBe('Septembre\u00A0: 612\u00A0k€ sur 850\u00A0k€ (72\u00A0%)');
  });

  it('says affaire to a Pipedrive reader and transaction to a HubSpot reader', () => {
    expect(renderDigest(digestFixture('fr', { crm: 'pipedrive' })).text).toContain('9 autres affaires');
    expect(renderDigest(digestFixture('fr')).text).toContain('9 autres transactions');
  });
});

describe('figures of the digest', () => {
  for (const locale of LOCALES) {
    it(`in ${locale}, add up as they are shown: forecast + gap = target, movements = change`, () => {
      const model = digestFixture(locale);
      const view = digestView(model);
      const [gap, change] = locale === 'fr' ? ['Écart', 'Évolution'] : ['Gap', 'Change'];
      expect(steps(view.headline.forecast) + factOf(model, gap)).toBe(850n);
      const moved = view.moved?.rows.map((row) => steps(row.change)) ?? [];
      expect(moved.reduce((sum, step) => sum + step, 0n)).toBe(factOf(model, change));
    });
  }

  it('add up when every deal that moved has its own row', () => {
    const change = 140_000n;
    const rows = ['1', '2', '3'].map((id) => ({
      dealId: asId<DealId>(id),
      dealName: `Deal ${id}`,
      kind: 'odds' as const,
      changeMinor: change,
    }));
    const { forecastMinor } = summaryFixture();
    const movement = {
      startMinor: forecastMinor - 3n * change,
      endMinor: forecastMinor,
      rows,
      otherDeals: 0,
      othersMinor: 0n,
    };
    const model = digestFixture('en', {
      movement,
      verdict: { kind: 'short', losses: [], gains: rows.slice(0, 2) },
    });
    const view = digestView(model);
    const shown = view.moved?.rows.map((row) => steps(row.change)) ?? [];
    expect(shown).toHaveLength(3);
    expect(shown.reduce((sum, step) => sum + step, 0n)).toBe(factOf(model, 'Change'));
    const named = (shown[0] ?? 0n) + (shown[1] ?? 0n);
    expect(view.verdict).toContain(`Deal 1 and Deal 2 bring €${named}k`);
  });

  it('folds rows beyond the fifth into the others, and loses none', () => {
    const model = digestFixture('en');
    const rows = [...(model.movement?.rows ?? [])];
    const sixth = {
      dealId: asId<DealId>('777'),
      dealName: 'Sixth',
      kind: 'new' as const,
      changeMinor: 300_000n,
    };
    const movement =
      model.movement === null ? null : { ...model.movement, rows: [...rows, sixth], othersMinor: -30_000n };
    const view = digestView({ ...model, movement });
    expect(view.moved?.rows).toHaveLength(6);
    expect(view.moved?.rows.at(-1)?.name).toBe('10 other deals');
  });

  it('above target shows what lies above it, and the bar is full', () => {
    const summary = summaryFixture({ targetMinor: 50_000_000n, gapMinor: 0n });
    const verdict = { kind: 'target_reached' as const, losses: [], gains: [] };
    const view = digestView(digestFixture('fr', { summary, verdict }));
    expect(view.headline.facts.map((fact) => fact.label)).toContain('Au-dessus');
    expect(view.headline.bar.gap).toBe(0);
    expect(view.verdict).toContain('atteint');
  });

  it('without a target shows signed and expected, and no percentage', () => {
    const summary = summaryFixture({ targetMinor: null, gapMinor: null });
    const mail = renderDigest(
      digestFixture('fr', { summary, verdict: { kind: 'no_target', losses: [], gains: [] } }),
    );
    expect(mail.text).toContain('sans objectif fixé');
    expect(mail.text).toContain('Attendu 294\u00A0k€');
    expect(mail.subject).toBe('T2\u00A0: 612\u00A0k€ · 6 bloquées');
  });
});

describe('the words of the digest', () => {
  const manyWords = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
  const wordy = (words: number): DigestModel => {
    const model = digestFixture('en');
    return {
      ...model,
      questions: model.questions.map((one) => ({ ...one, repFirstName: manyWords(words) })),
    };
  };

  it('are counted as a reader counts them, and fit a minute without losing anything in an ordinary week', () => {
    for (const locale of LOCALES) {
      const view = inOneMinute(digestView(digestFixture(locale)));
      expect(wordsIn(view)).toBeGreaterThan(150);
      expect(wordsIn(view)).toBeLessThanOrEqual(230);
      expect([view.fast?.rows.length, view.questions?.rows.length]).toEqual([2, 3]);
      expect(view.questions?.last).toMatch(/2 (of|sur) 3/);
    }
  });

  it('give way in order: fast deals, last week’s questions, the third question; never what adds up', () => {
    const seen = [1, 3, 4, 5, 6].map((words) => {
      const view = inOneMinute(digestView(wordy(words)));
      expect(view.moved?.rows).toHaveLength(6);
      expect(view.stuck?.rows).toHaveLength(3);
      return wordsIn(view);
    });
    expect(Math.max(...seen)).toBeLessThanOrEqual(230);
  });
});

describe('sections of the digest', () => {
  const empty: Partial<DigestModel> = {
    movement: null,
    questions: [],
    stuck: [],
    stuckTotal: 0,
    fast: [],
    accuracy: [],
    unmappedDeals: 0,
    excludedDeals: 0,
    rejectedRecords: 0,
  };

  it('with nothing to say are left out; the first week says that it is the first', () => {
    const { text, subject } = renderDigest(
      digestFixture('en', { ...empty, verdict: { kind: 'short', losses: [], gains: [] } }),
    );
    expect(text).toContain('First reading: movements can be read from next week on.');
    expect(text).toContain('No forecast has come to its end yet.');
    for (const absent of ['QUESTIONS', 'STUCK', 'FAST', 'To check', '· 0'])
      expect(text).not.toContain(absent);
    expect(subject).toBe('Q2: €612k of €850k (72%)');
  });

  it('count what no figure contains', () => {
    const { text } = renderDigest(digestFixture('fr'));
    expect(text).toContain('À vérifier\u00A0: 4 sans jalon, 7 hors calcul, 2 illisibles.');
  });

  it('draw at most six months, and a month without a figure as a dash', () => {
    const [first, ...rest] = digestFixture('fr').accuracy;
    const accuracy = first === undefined ? [] : [first, { ...first, wape: null }, ...rest];
    const { bars } = digestView(digestFixture('fr', { accuracy })).accuracy;
    expect(bars).toHaveLength(6);
    expect(bars[0]).toMatchObject({ value: '–', heightPx: 0 });
  });

  it('ask the question that needs no fact when a stored question is unknown or lost its fact', () => {
    const [question] = digestFixture('fr').questions;
    if (question === undefined) throw new Error('the fixture has questions');
    const questions = [
      { ...question, key: 'of_another_version' },
      { ...question, milestone: null },
    ];
    const view = digestView(digestFixture('fr', { questions }));
    for (const row of view.questions?.rows ?? []) expect(row.text).toContain('quelle preuve le client');
  });
});

describe('hostile names in the digest', () => {
  const base = digestFixture('fr');
  const hostile: DigestModel = {
    ...base,
    movement: base.movement && {
      ...base.movement,
      rows: base.movement.rows.map((row) => ({ ...row, dealName: HOSTILE })),
    },
    questions: base.questions.map((question) => ({ ...question, dealName: HOSTILE, repFirstName: HOSTILE })),
    stuck: base.stuck.map((row) => ({ ...row, dealName: HOSTILE, repFirstName: HOSTILE })),
    fast: base.fast.map((row) => ({ ...row, dealName: HOSTILE })),
    verdict: { ...base.verdict, losses: base.verdict.losses.map((row) => ({ ...row, dealName: HOSTILE })) },
    links: { ...base.links, deals: { '106': 'javascript:alert(1)', '107': 'https://a"onclick="x' } },
  };
  const mail = renderDigest(hostile);

  it('stay text: no tag, no attribute, no script address', () => {
    expect(mail.html).not.toMatch(/<script|<img|javascript:|"onclick/i);
    expect(mail.html).toContain('&lt;script&gt;');
  });

  it('carry no control and no bidirectional character into mail, text part or subject', () => {
    for (const part of [mail.html, mail.text, mail.subject, mail.preheader])
      expect(part.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });
});
