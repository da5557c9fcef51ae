/** Every code that a person can meet, with its sentences in both languages. docs/errors.md is built from here (`npm run errors:build`). */
import type { Locale } from '../../src/core/milestones/milestone.ts';
import { CRM_ERRORS, PROPERTY_PROBLEMS, WEBHOOK_ERRORS, WRITE_REFUSALS } from './crm.ts';
import { QUEUE_ERRORS, STORE_ERRORS } from './machine.ts';
import { MAIL_ERRORS, SKIP_REASONS } from './mail.ts';
import { MODEL_ERRORS } from './model.ts';
import { DEAL_FLAGS, EXCLUSIONS, REJECTIONS } from './records.ts';
import { SETUP_ERRORS } from './setup.ts';
import type { ErrorEntry, ErrorTable } from './types.ts';
import { WORK_ERRORS } from './work.ts';

export const CATALOGUE: ErrorTable = {
  ...SETUP_ERRORS,
  ...MODEL_ERRORS,
  ...STORE_ERRORS,
  ...QUEUE_ERRORS,
  ...CRM_ERRORS,
  ...WEBHOOK_ERRORS,
  ...WRITE_REFUSALS,
  ...PROPERTY_PROBLEMS,
  ...REJECTIONS,
  ...EXCLUSIONS,
  ...DEAL_FLAGS,
  ...MAIL_ERRORS,
  ...SKIP_REASONS,
  ...WORK_ERRORS,
};

/** Null for a text that is no code of ours. */
export function entryOf(code: string): ErrorEntry | null {
  return Object.hasOwn(CATALOGUE, code) ? (CATALOGUE[code] ?? null) : null;
}

/** "CODE: what was wrong (where). What to do." `detail` names the place: a path, a pid, a variable, a status; never a secret. */
export function errorLine(code: string, locale: Locale, detail = ''): string {
  const words = (entryOf(code) ?? CATALOGUE['UNEXPECTED'])?.[locale];
  const where = detail === '' ? '' : ` (${detail})`;
  return `${code}: ${words?.what ?? ''}${where}. ${words?.todo ?? ''}.`;
}
