import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { QUESTION_KEYS } from '../../src/core/review/questions.ts';
import {
  CATALOGUES,
  isMessageKey,
  type Message,
  type MessageKey,
  placeholdersOf,
  translate,
} from '../../templates/i18n/translate.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const KEYS = Object.keys(CATALOGUES.en) as MessageKey[];

/** Keys under these prefixes are looked up by a stored fact, not by a literal. */
const LOOKED_UP = ['question.'];

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|eta)$/.test(name))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

const CODE = ['src', 'templates', 'jobs'].flatMap(sources).join('\n');
const TEMPLATE_PREFIXES = [...CODE.matchAll(/`([a-z_]+\.(?:[a-z_]+\.)*)\$\{/g)].map(
  ([, prefix = '']) => prefix,
);

function isUsed(key: string): boolean {
  const quoted = CODE.includes(`'${key}'`);
  const built = [...TEMPLATE_PREFIXES, ...LOOKED_UP].some((prefix) => key.startsWith(prefix));
  return quoted || built;
}

function formsOf(message: Message): readonly string[] {
  return typeof message === 'string' ? [message] : [message.one, message.other];
}

describe('texts in French and English', () => {
  it('have the same keys', () => {
    expect(Object.keys(CATALOGUES.fr).sort()).toEqual(Object.keys(CATALOGUES.en).sort());
  });

  it('need the same facts in both languages, in every plural form', () => {
    const differing = KEYS.filter(
      (key) => placeholdersOf('fr', key).join() !== placeholdersOf('en', key).join(),
    );
    expect(differing).toEqual([]);
    for (const locale of ['fr', 'en'] as const) {
      const uneven = KEYS.filter((key) => {
        const message: Message = CATALOGUES[locale][key];
        const names = formsOf(message).map((form) => (form.match(/\{\w+\}/g) ?? []).sort().join());
        return new Set(names).size > 1;
      });
      expect(uneven).toEqual([]);
    }
  });

  it('are all used: a text that nothing shows is a text that nobody checks', () => {
    expect(KEYS.filter((key) => !isUsed(key))).toEqual([]);
  });

  it('are never empty, and differ between the languages unless they are a sign or a name', () => {
    const blank = KEYS.filter((key) =>
      (['fr', 'en'] as const).some((locale) =>
        formsOf(CATALOGUES[locale][key]).some((form) => form.trim() === ''),
      ),
    );
    expect(blank).toEqual([]);
  });

  it('choose the plural of the language: French counts zero as one, English does not', () => {
    expect(translate('fr', 'deal.hubspot', { count: 0 })).toBe('transaction');
    expect(translate('fr', 'deal.hubspot', { count: 2 })).toBe('transactions');
    expect(translate('en', 'deal.hubspot', { count: 0 })).toBe('deals');
    expect(translate('en', 'deal.hubspot', { count: 1 })).toBe('deal');
    expect(translate('fr', 'deal.pipedrive', { count: 1_000_000 })).toBe('affaires');
  });

  it('refuse to print a placeholder instead of a fact', () => {
    expect(() => translate('fr', 'digest.week')).toThrow('{date}');
    expect(() => translate('en', 'digest.days', {})).toThrow('{count}');
  });

  it('keep French punctuation on the line of its word, and leave the facts as they are', () => {
    expect(translate('fr', 'question.silent', { deal: 'A : B', days: 34 })).toMatch(
      /^A : B, .*\u00A0: .*\u00A0\?$/,
    );
  });

  it('write thousands in the reader’s way', () => {
    expect(translate('fr', 'page.exclusions_hint', { crm: 'HubSpot' })).toContain('HubSpot');
    expect(translate('fr', 'page.deals_shown', { from: 1, to: 50, total: 13087 })).toBe(
      '1 à 50 sur 13\u00A0087',
    );
    expect(translate('en', 'page.deals_shown', { from: 1, to: 50, total: 13087 })).toBe('1 to 50 of 13,087');
  });
});

describe('the question bank', () => {
  const questions = KEYS.filter((key) => key.startsWith('question.'));

  it('has a sentence for every question that the core can choose, and none besides', () => {
    expect(questions.map((key) => key.replace('question.', '')).sort()).toEqual([...QUESTION_KEYS].sort());
    expect(QUESTION_KEYS.every((key) => isMessageKey(`question.${key}`))).toBe(true);
  });

  it('asks: every sentence names the deal and is a question', () => {
    for (const key of questions)
      for (const locale of ['fr', 'en'] as const)
        for (const form of formsOf(CATALOGUES[locale][key])) {
          expect(form).toContain('{deal}');
          expect(form.trim().endsWith('?')).toBe(true);
        }
  });

  it('never asks a rep for a number and never judges a person', () => {
    const forbidden =
      /combien|montant|prévision|pourcent|probabilit|how much|how many|amount|forecast|percent|likely|probab|pourquoi n|why (did|have|has)n|retard|faute|fault|late|failed/i;
    for (const key of questions)
      for (const locale of ['fr', 'en'] as const)
        for (const form of formsOf(CATALOGUES[locale][key])) expect(form).not.toMatch(forbidden);
  });
});
