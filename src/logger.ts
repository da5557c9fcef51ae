/** pino behind the logger port. Facts are ids, counts and codes; a last scrubber removes anything that looks like a secret all the same. */
import pino from 'pino';
import type { LogFacts, Logger } from './ports/logger.ts';

/** Bearer headers, HubSpot and Pipedrive tokens, passwords inside addresses. */
const SECRETS = /(Bearer\s+)\S+|pat-[a-z0-9]+-[A-Za-z0-9-]+|\b[0-9a-f]{40}\b|(:\/\/[^:/\s]+:)[^@\s]+@/g;

export function openLogger(
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  destination: pino.DestinationStream,
): Logger {
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, facts: LogFacts = {}) => {
      log[name](scrubbed(facts), scrub(message));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function scrubbed(facts: LogFacts): LogFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? scrub(value) : value]),
  );
}

function scrub(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in a log line could forge another line
  return withoutSecrets(text).replace(/[\u0000-\u001f]/g, ' ');
}

/** For texts that reach a person by another way than the log. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '$1$2[secret]');
}
