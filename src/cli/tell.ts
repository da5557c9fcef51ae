/** Every failure of a command -> one line "CODE: what was wrong (where). What to do." in the user's language, and the exit code. */
import { CommanderError } from 'commander';
import { entryOf, errorLine } from '../../templates/errors/catalogue.ts';
import { withoutSecrets } from '../logger.ts';
import type { App } from './app.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode, exitOfCode } from './exit-codes.ts';

export function tell({ terminal, config }: App, error: unknown): ExitCode {
  if (error instanceof CommandError) {
    for (const line of error.lines) terminal.note(line);
    return error.exit;
  }
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const { code, detail } = troubleOf(error);
  terminal.note(errorLine(code, terminal.locale, withoutSecrets(detail)));
  if (code === 'UNEXPECTED' && config.logLevel === 'debug' && error instanceof Error && error.stack)
    terminal.note(withoutSecrets(error.stack));
  return exitOfCode(code);
}

interface Trouble {
  readonly code: string;
  readonly detail: string;
}

/** Errors are known by their code and not by their class: a face knows no adapter. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof CommanderError) return { code: 'COMMAND_INVALID', detail: '' };
  if (!(error instanceof Error)) return { code: 'UNEXPECTED', detail: String(error) };
  const code = textIn(error, 'code') ?? '';
  if (entryOf(code) !== null) return { code, detail: textIn(error, 'place') ?? error.message };
  const system = systemTrouble(error, code);
  return system ?? { code: 'UNEXPECTED', detail: shortly(`${error.name}: ${error.message}`) };
}

/** Node's own errors about an address or a path (nodejs.org/api/errors.html, class SystemError). */
function systemTrouble(error: Error, code: string): Trouble | null {
  const syscall = textIn(error, 'syscall');
  if (syscall === 'listen') return { code: 'PORT_UNUSABLE', detail: error.message.replace(/^listen /, '') };
  const path = textIn(error, 'path');
  return syscall !== null && path !== null
    ? { code: 'FILE_UNUSABLE', detail: `${path}, ${code}, ${syscall}` }
    : null;
}

function textIn(error: Error, name: string): string | null {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}

const SHORT = 300;

function shortly(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, SHORT);
}
