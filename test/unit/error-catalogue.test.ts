import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS_PAGE, errorsPage } from '../../scripts/build-errors-page.ts';
import { CATALOGUE, errorLine } from '../../templates/errors/catalogue.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Where a set of codes is declared as a union of literals, and the family under which the catalogue keeps them. */
const UNIONS: readonly { readonly file: string; readonly type: string; readonly family?: string }[] = [
  { file: 'src/ports/connector.ts', type: 'ConnectorErrorCode' },
  { file: 'src/ports/connector.ts', type: 'WriteRefusal' },
  { file: 'src/ports/connector.ts', type: 'PropertyProblem', family: 'property.' },
  { file: 'src/ports/queue.ts', type: 'QueueErrorCode' },
  { file: 'src/ports/store-error.ts', type: 'StoreErrorCode' },
  { file: 'src/mail/mailer-error.ts', type: 'MailerCode' },
  { file: 'src/core/milestones/milestone-law.ts', type: 'ModelErrorCode' },
  { file: 'src/core/deals/deal.ts', type: 'RejectionCode' },
  { file: 'src/core/deals/deal.ts', type: 'DealFlag', family: 'flag.' },
  { file: 'src/core/forecast/forecast-types.ts', type: 'Exclusion', family: 'exclusion.' },
  { file: 'jobs/digest/digest-plan.ts', type: 'SkipReason', family: 'skip.' },
];

/** Literals that are codes by their first word, wherever they stand. Names of variables of the environment are none. */
const BY_NAME =
  /['"`]((?:CONFIG|COMMAND|COMPANY_FILE|TOKEN|MODEL|STORE|QUEUE|MAIL|MAILER|SMTP|CRM|CONNECTION|SNAPSHOT|FORECAST|MANAGER|EFFECT|DIGEST|HAND_OVER|LOG|PORT|FILE|WEBHOOK|WRITE)_[A-Z][A-Z_]*[A-Z])(?=['"`:])/g;
const NO_CODES = /^(SMTP_URL|LOG_LEVEL)$/;

/** Codes made in other ways: the row's own place says how. */
const ALSO: readonly string[] = [
  'skip.late', // jobs/schedule.ts: closes a week that waited too long
  'NO_DATE', // sandbox/logs/types.ts: UnplacedRow
  'DEAL_UNKNOWN',
  'UNEXPECTED', // src/cli/tell.ts: whatever has no code of its own
];

function text(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function unionMembers({ file, type, family = '' }: (typeof UNIONS)[number]): string[] {
  const body = new RegExp(`type ${type} =([^;]+);`).exec(text(file))?.[1] ?? '';
  const members = [...body.matchAll(/'([^']+)'/g)].map(([, member = '']) => `${family}${member}`);
  if (members.length < 2) throw new Error(`${type} is no union of literals any more in ${file}`);
  return members;
}

function codesByName(): string[] {
  const files = ['src', 'jobs', 'connectors', 'sandbox/logs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return files
    .flatMap((file) => [...text(file).matchAll(BY_NAME)].map(([, code = '']) => code))
    .filter((code) => !NO_CODES.test(code));
}

const inUse = new Set([...UNIONS.flatMap(unionMembers), ...codesByName(), ...ALSO]);

describe('the catalogue of errors', () => {
  it('has a sentence for every code that the sources use', () => {
    expect([...inUse].filter((code) => !(code in CATALOGUE)).sort()).toEqual([]);
  });

  it('has no entry for a code that nobody uses', () => {
    expect(Object.keys(CATALOGUE).filter((code) => !inUse.has(code))).toEqual([]);
  });

  it('says in both languages what was wrong and what to do', () => {
    for (const [code, { en, fr }] of Object.entries(CATALOGUE)) {
      for (const words of [en, fr]) {
        expect(words.what.length, code).toBeGreaterThan(10);
        expect(words.todo.length, code).toBeGreaterThan(3);
        expect(words.what, code).not.toMatch(/[.\s]$/);
        expect(words.todo, code).not.toMatch(/[.\s]$/);
      }
      expect(fr.what, code).not.toBe(en.what);
      expect(fr.todo, code).not.toBe(en.todo);
    }
  });

  it('is what docs/errors.md shows, row by row', () => {
    expect(readFileSync(ERRORS_PAGE, 'utf8')).toBe(errorsPage());
    for (const code of Object.keys(CATALOGUE)) expect(errorsPage()).toContain(`| \`${code}\` |`);
  });

  it('tells the place between what was wrong and what to do', () => {
    expect(errorLine('STORE_TOO_OLD', 'en', 'db:5432, 14.2')).toBe(
      'STORE_TOO_OLD: The Postgres server is older than version 15 (db:5432, 14.2). Upgrade it, or name another in DATABASE_URL.',
    );
    expect(errorLine('SMTP_TRY_LATER', 'fr')).toBe(
      'SMTP_TRY_LATER: Le serveur de mail demande de revenir plus tard. Rien : le mail est retenté.',
    );
  });
});
