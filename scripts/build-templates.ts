/**
 * Compiles each templates/<mail>/<mail>.mjml to <mail>.html.eta beside it: `npm run templates:build`. The output is committed, so that
 * the running service needs Eta alone; a test fails when it is stale. MJML 5 is a devDependency for that reason.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mjml2html from 'mjml';

export const MAILS = ['digest'] as const;

const templates = join(import.meta.dirname, '..', 'templates');

function sourcePath(mail: string): string {
  return join(templates, mail, `${mail}.mjml`);
}

export function compiledPath(mail: string): string {
  return join(templates, mail, `${mail}.html.eta`);
}

/** `fonts: {}` keeps MJML from calling a font server out of every opened mail. Any MJML error refuses the whole template. */
export async function compileMail(mail: string): Promise<string> {
  const source = await readFile(sourcePath(mail), 'utf8');
  const { html, errors } = await mjml2html(source, {
    fonts: {},
    validationLevel: 'strict',
    keepComments: false,
  });
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  return `${withoutIdleSpace(html)}\n`;
}

/** Space between tags is a fifth of the mail. Where a space must stay between two tags the source writes `&#32;`. */
function withoutIdleSpace(html: string): string {
  return html.replace(/>\s+</g, '><').replace(/\n\s+/g, '\n').trim();
}

async function buildAll(): Promise<void> {
  for (const mail of MAILS) {
    const html = await compileMail(mail);
    await writeFile(compiledPath(mail), html);
    console.log(`${compiledPath(mail)}: ${Buffer.byteLength(html)} bytes`);
  }
}

if (import.meta.main) await buildAll();
