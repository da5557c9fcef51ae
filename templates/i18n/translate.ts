import type { Locale } from '../../src/core/milestones/milestone.ts';
import { countText, frenchSpaces } from '../format.ts';
import en from './en.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };

export type MessageKey = keyof typeof en;

/** A number is written in the reader's way; `count` also chooses the plural form. */
export type MessageParams = Readonly<Record<string, string | number>>;

/** One sentence, or one per plural category of the language (CLDR: French counts 0 as `one`, English as `other`). */
export type Message = string | { readonly one: string; readonly other: string };

export const CATALOGUES: Readonly<Record<Locale, Readonly<Record<MessageKey, Message>>>> = { fr, en };

const PLURALS: Readonly<Record<Locale, Intl.PluralRules>> = {
  fr: new Intl.PluralRules('fr'),
  en: new Intl.PluralRules('en-GB'),
};

const PLACEHOLDER = /\{(\w+)\}/g;

/** The text of `key`. A placeholder without a value is a bug of the caller, so it throws rather than print "{deal}". */
export function translate(locale: Locale, key: MessageKey, params: MessageParams = {}): string {
  const template = templateOf(locale, key, params);
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`the text ${key} needs {${name}}`);
    return typeof value === 'number' ? countText(value, locale) : value;
  });
}

/** Whether the catalogue has a text for a key that comes from stored facts (a question, an error code). */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

/** Names between braces in any form of the text: what the caller must supply. */
export function placeholdersOf(locale: Locale, key: MessageKey): readonly string[] {
  const message: Message = CATALOGUES[locale][key];
  const forms = typeof message === 'string' ? [message] : Object.values(message);
  const names = forms.flatMap((form) => [...form.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}

function templateOf(locale: Locale, key: MessageKey, params: MessageParams): string {
  const message: Message = CATALOGUES[locale][key];
  const form = typeof message === 'string' ? message : pluralForm(message, locale, key, params['count']);
  return locale === 'fr' ? frenchSpaces(form) : form;
}

/** French `many` (from a million on) has the wording of `other` in every text we own. */
function pluralForm(
  message: Exclude<Message, string>,
  locale: Locale,
  key: MessageKey,
  count: string | number | undefined,
): string {
  if (typeof count !== 'number') throw new Error(`the text ${key} needs {count} as a number`);
  return PLURALS[locale].select(count) === 'one' ? message.one : message.other;
}
