import type { Request } from 'express';
import type { Locale } from '../core/milestones/milestone.ts';

/** `?lang=`, else what the browser prefers, else English. */
export function localeOf(request: Request): Locale {
  const { lang } = request.query;
  if (lang === 'fr' || lang === 'en') return lang;
  return request.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en';
}
