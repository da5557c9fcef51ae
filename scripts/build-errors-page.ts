/** Writes docs/errors.md from templates/errors: `npm run errors:build`. The page is committed; a test fails when it is stale. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CATALOGUE } from '../templates/errors/catalogue.ts';
import type { Actor, ErrorEntry } from '../templates/errors/types.ts';

export const ERRORS_PAGE = join(import.meta.dirname, '..', 'docs', 'errors.md');

const GROUPS: readonly { readonly actor: Actor; readonly title: string; readonly who: string }[] = [
  { actor: 'deal_owner', title: 'The owner of the deal', who: 'mends a record in the CRM.' },
  { actor: 'manager', title: 'The manager', who: 'decides about the team’s deals.' },
  {
    actor: 'admin',
    title: 'The admin',
    who: 'keeps the connection, the company file and the CRM’s properties.',
  },
  { actor: 'operator', title: 'The operator', who: 'runs Jalon: machine, database, queue, mail server.' },
  { actor: 'developer', title: 'The developers of Jalon', who: 'must hear of these.' },
  { actor: 'nobody', title: 'Nobody', who: 'has to act: it passes by itself, or is meant to be so.' },
];

const HEAD = `# Errors

Every code that a person can meet, on a terminal, on a page, in a log or in \`--json\`, by who must act. Built from \`templates/errors\` by \`npm run errors:build\`.

A terminal shows \`CODE: what was wrong (where). What to do.\` in the language of the user (\`JALON_LOCALE\`, else \`LANG\`).
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 partly done, 4 the CRM asks for authorisation, 5 rate-limited, retry later.
Deals that are in no total are counted and listed on the page; records that could not be read are counted by code in \`jalon pull --json\` and \`jalon forecast --json\`.
`;

export function errorsPage(): string {
  return [HEAD, ...GROUPS.map(section)].join('\n');
}

function section({ actor, title, who }: (typeof GROUPS)[number]): string {
  const rows = Object.entries(CATALOGUE)
    .filter(([, entry]) => entry.whoMustAct === actor)
    .map(([code, entry]) => row(code, entry));
  const head = ['| Code | What was wrong | What to do | En français |', '|---|---|---|---|'];
  return [`## ${title}`, '', `${title} ${who}`, '', ...head, ...rows, ''].join('\n');
}

function row(code: string, { en, fr }: ErrorEntry): string {
  return `| \`${code}\` | ${cell(en.what)}. | ${cell(en.todo)}. | ${cell(fr.what)}. ${cell(fr.todo)}. |`;
}

/** Markdown would take these for tags and columns. */
function cell(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
}

if (import.meta.main) await writeFile(ERRORS_PAGE, errorsPage());
