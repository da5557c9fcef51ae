import type { Logger } from '../../src/ports/logger.ts';

/** A logger that keeps its lines as text, so that a test can search them for what must not be there. */
export interface LogBook extends Logger {
  readonly lines: string[];
}

export function logBook(): LogBook {
  const lines: string[] = [];
  const write = (level: string) => (message: string, facts?: unknown) => {
    lines.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  };
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
