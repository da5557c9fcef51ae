/** Facts of a log line: ids, counts, durations, codes. Never a name, an amount, an address or a token. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

export interface Logger {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}
