/** Environment -> frozen configuration. The only reader of process.env; every secret may come from a file named by `<VARIABLE>_FILE`. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { contradictions, emptyFile, givenTwice, problemLine, unreadableFile } from './config-problems.ts';

const text = z.string().trim().min(1);
const token = z.string().regex(/^[\x21-\x7E]+$/);

const schema = z.object({
  JALON_LOCALE: z.enum(['fr', 'en']).optional(),
  JALON_DATA_DIR: text.default('data'),
  JALON_COMPANY_FILE: text.default('jalon.yaml'),
  JALON_ACCESS_TOKEN: z.string().min(16).optional(),
  JALON_MAIL_FROM: z.email().default('jalon@localhost.localdomain'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  ALERT_EMAIL: z.email().optional(),
  HEARTBEAT_URL: z.url({ protocol: /^https?$/ }).optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  HOST: text.default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4321),
  HUBSPOT_ACCESS_TOKEN: token.optional(),
  HUBSPOT_CLIENT_SECRET: token.optional(),
  HUBSPOT_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  PIPEDRIVE_API_TOKEN: token.optional(),
  PIPEDRIVE_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  PIPEDRIVE_DAILY_TOKENS: z.coerce.number().int().min(100).optional(),
  PIPEDRIVE_SHARE_PERCENT: z.coerce.number().int().min(1).max(100).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  NO_COLOR: z.string().optional(),
});

export interface Config {
  readonly locale: 'fr' | 'en';
  readonly dataDir: string;
  readonly companyFile: string;
  readonly accessToken: string | null;
  readonly mailFrom: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly smtpUrl: string | null;
  /** Who is told when a digest is missing; null: the admin of the company file. */
  readonly alertEmail: string | null;
  /** Called after a Monday on which every digest left: a monitor that hears nothing raises the alarm. */
  readonly heartbeatUrl: string | null;
  readonly publicUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly crm: Readonly<
    Record<'hubspot' | 'pipedrive', { readonly token: string | null; readonly baseUrl: string | null }>
  >;
  /** Signs HubSpot's webhooks; null: none are taken. */
  readonly hubspotClientSecret: string | null;
  /** How much of a Pipedrive company's daily tokens is ours, in place of what the company file says; null: as that says. */
  readonly pipedriveBudget: { readonly dailyTokens: number | null; readonly shareBps: number | null };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** One line per problem (src/config-problems.ts). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `ConfigError` with all problems at once, in the user's language. An empty variable counts as absent, as shells and compose files leave it so. */
export function readConfig(environment: Environment = process.env): Config {
  const locale = localeOf(environment['JALON_LOCALE'], environment);
  const { values, problems } = withFiles(environment, locale);
  const parsed = schema.safeParse(values, { error: z.locales[locale]().localeError });
  const wrong = (parsed.error?.issues ?? []).map((issue) => {
    const variable = String(issue.path[0] ?? '?');
    return problemLine(variable, values[variable], locale, issue.message);
  });
  const all = [...problems, ...wrong, ...contradictions(values, locale)];
  if (!parsed.success || all.length > 0) throw new ConfigError([...new Set(all)]);
  const env = parsed.data;
  return Object.freeze({
    locale: env.JALON_LOCALE ?? locale,
    dataDir: env.JALON_DATA_DIR,
    companyFile: env.JALON_COMPANY_FILE,
    accessToken: env.JALON_ACCESS_TOKEN ?? null,
    mailFrom: env.JALON_MAIL_FROM,
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    smtpUrl: env.SMTP_URL ?? null,
    alertEmail: env.ALERT_EMAIL ?? null,
    heartbeatUrl: env.HEARTBEAT_URL ?? null,
    publicUrl: env.PUBLIC_URL ?? null,
    host: env.HOST,
    port: env.PORT,
    crm: {
      hubspot: { token: env.HUBSPOT_ACCESS_TOKEN ?? null, baseUrl: env.HUBSPOT_BASE_URL ?? null },
      pipedrive: { token: env.PIPEDRIVE_API_TOKEN ?? null, baseUrl: env.PIPEDRIVE_BASE_URL ?? null },
    },
    hubspotClientSecret: env.HUBSPOT_CLIENT_SECRET ?? null,
    pipedriveBudget: {
      dailyTokens: env.PIPEDRIVE_DAILY_TOKENS ?? null,
      shareBps: env.PIPEDRIVE_SHARE_PERCENT === undefined ? null : env.PIPEDRIVE_SHARE_PERCENT * 100,
    },
    logLevel: env.LOG_LEVEL,
  });
}

/** JALON_LOCALE, else the language of the system (LC_ALL, LANG), else English. */
function localeOf(wanted: string | undefined, environment: Environment = {}): 'fr' | 'en' {
  const found = wanted || environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return found.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

interface Given {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** What is given directly or by a file. A file that cannot be used is one more problem, not the end of the reading. */
function withFiles(environment: Environment, locale: 'fr' | 'en'): Given {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of Object.keys(schema.shape)) {
    const direct = environment[name]?.trim() ?? '';
    const path = environment[`${name}_FILE`]?.trim() ?? '';
    const secret = path === '' ? { value: direct, problem: null } : readSecret(name, path, locale);
    if (secret.problem !== null) problems.push(secret.problem);
    if (path !== '' && direct !== '') problems.push(givenTwice(name, locale));
    if (secret.value !== '') values[name] = secret.value;
  }
  return { values, problems };
}

function readSecret(name: string, path: string, locale: 'fr' | 'en') {
  const variable = `${name}_FILE`;
  try {
    const value = readFileSync(path, 'utf8').trim();
    return { value, problem: value === '' ? emptyFile(variable, path, locale) : null };
  } catch {
    return { value: '', problem: unreadableFile(variable, path, locale) };
  }
}
