/** Environment -> frozen configuration. The only reader of process.env; every secret may come from a file named by `<VARIABLE>_FILE`. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const text = z.string().trim().min(1);
const address = z.email();

const schema = z
  .object({
    JALON_LOCALE: z.enum(['fr', 'en']).optional(),
    JALON_DATA_DIR: text.default('data'),
    JALON_COMPANY_FILE: text.default('jalon.yaml'),
    JALON_ACCESS_TOKEN: z.string().min(16).optional(),
    JALON_MAIL_FROM: address.default('jalon@localhost.localdomain'),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    HOST: text.default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(4321),
    HUBSPOT_ACCESS_TOKEN: text.optional(),
    HUBSPOT_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    PIPEDRIVE_API_TOKEN: text.optional(),
    PIPEDRIVE_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    NO_COLOR: z.string().optional(),
  })
  .superRefine((env, context) => {
    if (!LOOPBACK.has(env.HOST) && env.JALON_ACCESS_TOKEN === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['HOST'],
        message: HOST_NEEDS_TOKEN[localeOf(env.JALON_LOCALE)],
        input: env.HOST,
      });
    }
  });

const HOST_NEEDS_TOKEN = {
  en: 'any address other than 127.0.0.1 needs JALON_ACCESS_TOKEN (16 characters or more), because there is no sign-in yet',
  fr: "toute adresse autre que 127.0.0.1 exige JALON_ACCESS_TOKEN (16 caractères ou plus), car la connexion n'existe pas encore",
};

export interface Config {
  readonly locale: 'fr' | 'en';
  readonly dataDir: string;
  readonly companyFile: string;
  readonly accessToken: string | null;
  readonly mailFrom: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly smtpUrl: string | null;
  readonly publicUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly crm: Readonly<
    Record<'hubspot' | 'pipedrive', { readonly token: string | null; readonly baseUrl: string | null }>
  >;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** One line per variable that is wrong: its name, what was found (never a secret's value), what is expected. */
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

/** Throws `ConfigError` in the user's language. An empty variable counts as absent, as shells and compose files leave it so. */
export function readConfig(environment: Environment = process.env): Config {
  const locale = localeOf(environment['JALON_LOCALE'], environment);
  const values = withFiles(environment, locale);
  const parsed = schema.safeParse(values, { error: z.locales[locale]().localeError });
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => describe(issue, values, locale)));
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
    publicUrl: env.PUBLIC_URL ?? null,
    host: env.HOST,
    port: env.PORT,
    crm: {
      hubspot: { token: env.HUBSPOT_ACCESS_TOKEN ?? null, baseUrl: env.HUBSPOT_BASE_URL ?? null },
      pipedrive: { token: env.PIPEDRIVE_API_TOKEN ?? null, baseUrl: env.PIPEDRIVE_BASE_URL ?? null },
    },
    logLevel: env.LOG_LEVEL,
  });
}

/** JALON_LOCALE, else the language of the system (LC_ALL, LANG), else English. */
function localeOf(wanted: string | undefined, environment: Environment = {}): 'fr' | 'en' {
  const found = wanted || environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return found.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

const FILE_UNREADABLE = {
  en: (variable: string, path: string) =>
    `${variable}: the file "${path}" cannot be read; expected a readable file that holds the value`,
  fr: (variable: string, path: string) =>
    `${variable} : le fichier « ${path} » est illisible ; attendu : un fichier lisible qui contient la valeur`,
};

function withFiles(environment: Environment, locale: 'fr' | 'en'): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const path = environment[`${name}_FILE`];
    const value = path ? readSecret(`${name}_FILE`, path, locale) : environment[name];
    if (value !== undefined && value.trim() !== '') values[name] = value.trim();
  }
  return values;
}

function readSecret(variable: string, path: string, locale: 'fr' | 'en'): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([FILE_UNREADABLE[locale](variable, path)]);
  }
}

/** Values of these may hold a password: the message says only how long what it found was. */
const SECRET = /TOKEN|_URL$/;

/** What to write instead, in words. A variable without a row gets the checker's own sentence. */
const EXPECTED: Readonly<Record<string, { readonly en: string; readonly fr: string }>> = {
  DATABASE_URL: {
    en: 'expected an address such as postgres://user:password@host:5432/database',
    fr: 'attendu : une adresse comme postgres://utilisateur:mot-de-passe@hote:5432/base',
  },
  REDIS_URL: {
    en: 'expected an address such as redis://host:6379',
    fr: 'attendu : une adresse comme redis://hote:6379',
  },
  SMTP_URL: {
    en: 'expected an address such as smtp://user:password@host:587',
    fr: 'attendu : une adresse comme smtp://utilisateur:mot-de-passe@hote:587',
  },
  PUBLIC_URL: {
    en: 'expected an address such as https://jalon.example.com',
    fr: 'attendu : une adresse comme https://jalon.example.com',
  },
  HUBSPOT_BASE_URL: {
    en: 'expected the http(s) origin of an API',
    fr: "attendu : l'origine http(s) d'une API",
  },
  PIPEDRIVE_BASE_URL: {
    en: 'expected the http(s) origin of an API',
    fr: "attendu : l'origine http(s) d'une API",
  },
  PORT: { en: 'expected a whole number from 0 to 65535', fr: 'attendu : un nombre entier de 0 à 65535' },
  LOG_LEVEL: {
    en: 'expected debug, info, warn, error or silent',
    fr: 'attendu : debug, info, warn, error ou silent',
  },
  JALON_LOCALE: { en: 'expected fr or en', fr: 'attendu : fr ou en' },
  JALON_MAIL_FROM: {
    en: 'expected one mail address, such as jalon@example.com',
    fr: 'attendu : une adresse mail, comme jalon@example.com',
  },
  JALON_ACCESS_TOKEN: {
    en: 'expected a secret of 16 characters or more',
    fr: 'attendu : un secret de 16 caractères ou plus',
  },
};

function describe(issue: z.core.$ZodIssue, values: Record<string, string>, locale: 'fr' | 'en'): string {
  const variable = String(issue.path[0] ?? '?');
  const value = values[variable];
  const nothing = { en: 'nothing', fr: 'rien' }[locale];
  const length = { en: `${value?.length} characters`, fr: `${value?.length} caractères` }[locale];
  const found = value === undefined ? nothing : SECRET.test(variable) ? length : `"${value}"`;
  const expected = EXPECTED[variable]?.[locale] ?? issue.message;
  return {
    en: `${variable}: found ${found}; ${expected}`,
    fr: `${variable} : trouvé ${found} ; ${expected}`,
  }[locale];
}
