/** What a script can rely on. Printed by `jalon --help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  partly: 3,
  authorisation: 4,
  rateLimited: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The first row that matches decides; what no row knows has simply failed. */
const BY_CODE: readonly { readonly codes: RegExp; readonly exit: ExitCode }[] = [
  { codes: /^CRM_(UNAUTHORISED|FORBIDDEN)$/, exit: EXIT.authorisation },
  { codes: /^CRM_(RATE_LIMITED|DAILY_LIMIT)$/, exit: EXIT.rateLimited },
  { codes: /^(CONFIG|COMMAND|COMPANY_FILE|TOKEN|MODEL|LOG|PORT|FILE)_/, exit: EXIT.usage },
  { codes: /^STORE_(LOCKED|DIR_UNWRITABLE|TOO_OLD|MIGRATION_FAILED)$/, exit: EXIT.usage },
  { codes: /^(QUEUE_EVICTION|QUEUE_REFUSED|SMTP_URL_INVALID|WRITE_NOT_CONFIRMED)$/, exit: EXIT.usage },
];

export function exitOfCode(code: string): ExitCode {
  return BY_CODE.find(({ codes }) => codes.test(code))?.exit ?? EXIT.failed;
}

/** Of several ends the one that a person can act on; a limit that passes by itself comes after a refusal that does not. */
const PRIORITY: readonly ExitCode[] = [
  EXIT.authorisation,
  EXIT.usage,
  EXIT.failed,
  EXIT.rateLimited,
  EXIT.partly,
];

export function gravest(exits: readonly ExitCode[]): ExitCode {
  return PRIORITY.find((exit) => exits.includes(exit)) ?? EXIT.ok;
}
