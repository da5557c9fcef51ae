import type { ExitCode } from './exit-codes.ts';

/** A command cannot go on; `lines` say what was wrong, where, and what to do, in the user's language. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly lines: readonly string[];
  readonly exit: ExitCode;

  constructor(lines: readonly string[], exit: ExitCode) {
    super(lines.join('\n'));
    this.lines = lines;
    this.exit = exit;
  }
}
