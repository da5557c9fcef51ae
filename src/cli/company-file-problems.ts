/** What can be wrong in a company file, each with its place and a sentence in the user's language. */
import { errorLine } from '../../templates/errors/catalogue.ts';
import { SETUP_ERRORS } from '../../templates/errors/setup.ts';
import type { ModelError, ModelErrorCode } from '../core/milestones/milestone-law.ts';
import { say } from './messages.ts';

/** Where in the file, and what is wrong there. `code` has a row in docs/errors.md. */
export interface CompanyFileProblem {
  readonly code: 'COMPANY_FILE_SYNTAX' | 'COMPANY_FILE_VALUE' | 'COMPANY_FILE_MODEL';
  /** Dotted path of the field, or line:column of the text. */
  readonly at: string;
  /** What was found, what is expected and what to do, in the user's language. */
  readonly message: string;
}

/** `reason` is the YAML reader's own word for it. */
export function syntaxProblem(at: string, reason: string, locale: 'fr' | 'en'): CompanyFileProblem {
  const { what, todo } = SETUP_ERRORS.COMPANY_FILE_SYNTAX[locale];
  return { code: 'COMPANY_FILE_SYNTAX', at, message: `${what} (${reason}). ${todo}.` };
}

/** A breach of the law of the method, at the milestone or the stage that breaks it. */
export function modelProblem({ code, subject, found }: ModelError, locale: 'fr' | 'en'): CompanyFileProblem {
  const list = code === 'MODEL_MAPPING_UNKNOWN_KEY' ? 'stages' : 'milestones';
  const at = subject === null ? list : `${list}.${subject}`;
  const shown = found !== null && WEIGHED.has(code) ? `${Number(found) / 100} %` : found;
  const detail = shown === null ? '' : say(locale, 'error.found', { found: shown });
  return { code: 'COMPANY_FILE_MODEL', at, message: errorLine(code, locale, detail) };
}

/** These speak of a weight in basis points; people write per cent. */
const WEIGHED: ReadonlySet<ModelErrorCode> = new Set<ModelErrorCode>([
  'MODEL_WEIGHT_RANGE',
  'MODEL_WEIGHTS_FALL',
  'MODEL_VERBAL_NOT_ABOVE_HALF',
  'MODEL_BEFORE_VERBAL_ABOVE_HALF',
]);

const FOUND_LENGTH = 60;

/** What stands in the file at that place, if it is one value; a list or nothing is told well enough by the message. */
export function foundText(content: unknown, path: readonly PropertyKey[], locale: 'fr' | 'en'): string {
  const value = path.reduce<unknown>(
    (node, step) => (typeof node === 'object' && node !== null ? Reflect.get(node, step) : undefined),
    content,
  );
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return '';
  return `${say(locale, 'error.found', { found: JSON.stringify(value).slice(0, FOUND_LENGTH) })}, `;
}
