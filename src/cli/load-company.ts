import { readFileSync } from 'node:fs';
import { errorLine } from '../../templates/errors/catalogue.ts';
import type { App } from './app.ts';
import { CommandError } from './command-error.ts';
import { type CompanyFile, parseCompanyFile } from './company-file.ts';
import { EXIT } from './exit-codes.ts';

/** The company file that the configuration names. Every problem in it is told with its place; nothing runs on half a file. */
export function loadCompanyFile(app: App): CompanyFile {
  const path = app.config.companyFile;
  return companyFrom(app, readText(app, path), path);
}

export function companyFrom(app: App, text: string, path: string): CompanyFile {
  const parsed = parseCompanyFile(text, app.terminal.locale);
  if (parsed.ok) return parsed.value;
  const lines = parsed.error.map(({ code, at, message }) => `${code}: ${path} ${at}: ${message}`);
  throw new CommandError(lines, EXIT.usage);
}

function readText(app: App, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CommandError([errorLine('COMPANY_FILE_MISSING', app.terminal.locale, path)], EXIT.usage);
  }
}
