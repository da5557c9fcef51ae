/** What is wrong in the environment, one line per variable: its name, what was found (never a secret's value), what is expected. */

type Words = Readonly<Record<'en' | 'fr', string>>;

/** Values of these may hold a password: the message says only how long what it found was. */
const SECRET = /TOKEN$|SECRET$|_URL$/;

/** What to write instead, in words. A variable without a row gets the checker's own sentence. */
const EXPECTED: Readonly<Record<string, Words>> = {
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
  PIPEDRIVE_DAILY_TOKENS: {
    en: 'expected the tokens that plan and seats give per day, a whole number from 100 on',
    fr: 'attendu : les jetons par jour de la formule et des postes, un nombre entier à partir de 100',
  },
  PIPEDRIVE_SHARE_PERCENT: {
    en: 'expected a whole number from 1 to 100',
    fr: 'attendu : un nombre entier de 1 à 100',
  },
  PIPEDRIVE_BASE_URL: {
    en: 'expected the http(s) origin of an API',
    fr: "attendu : l'origine http(s) d'une API",
  },
  HUBSPOT_ACCESS_TOKEN: {
    en: 'expected the access token of a private app, in one word',
    fr: "attendu : le jeton d'une application privée, en un mot",
  },
  HUBSPOT_CLIENT_SECRET: {
    en: 'expected the client secret of the HubSpot app, in one word',
    fr: "attendu : le secret client de l'application HubSpot, en un mot",
  },
  PIPEDRIVE_API_TOKEN: {
    en: 'expected the API token of a user, in one word',
    fr: "attendu : le jeton d'API d'un utilisateur, en un mot",
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

/** `message` is said when the variable has no words of its own. */
export function problemLine(
  variable: string,
  value: string | undefined,
  locale: 'fr' | 'en',
  message: string,
): string {
  const expected = EXPECTED[variable]?.[locale] ?? message;
  return foundLine(variable, value, locale, expected);
}

function foundLine(variable: string, value: string | undefined, locale: 'fr' | 'en', expected: string) {
  const nothing = { en: 'nothing', fr: 'rien' }[locale];
  const length = { en: `${value?.length} characters`, fr: `${value?.length} caractères` }[locale];
  const found = value === undefined ? nothing : SECRET.test(variable) ? length : `"${value}"`;
  return {
    en: `${variable}: found ${found}; ${expected}`,
    fr: `${variable} : trouvé ${found} ; ${expected}`,
  }[locale];
}

type Values = Readonly<Record<string, string | undefined>>;

/** Variables that are right by themselves and make no sense together. `variable` is the one to mend. */
const CONTRADICTIONS: readonly {
  readonly variable: string;
  readonly holds: (values: Values) => boolean;
  readonly expected: Words;
}[] = [
  {
    variable: 'HOST',
    holds: ({ HOST, JALON_ACCESS_TOKEN }) =>
      HOST !== undefined && !isThisMachine(HOST) && JALON_ACCESS_TOKEN === undefined,
    expected: {
      en: 'any address other than 127.0.0.1 needs JALON_ACCESS_TOKEN (16 characters or more), because there is no sign-in yet',
      fr: "toute adresse autre que 127.0.0.1 exige JALON_ACCESS_TOKEN (16 caractères ou plus), car la connexion n'existe pas encore",
    },
  },
  {
    variable: 'JALON_MAIL_FROM',
    holds: ({ SMTP_URL, JALON_MAIL_FROM }) =>
      SMTP_URL !== undefined && JALON_MAIL_FROM === undefined && isElsewhere(SMTP_URL),
    expected: {
      en: 'SMTP_URL names a mail server, which needs an address that it may send for, such as jalon@example.com',
      fr: 'SMTP_URL désigne un serveur de mail, auquel il faut une adresse pour laquelle il peut envoyer, comme jalon@example.com',
    },
  },
  {
    variable: 'HUBSPOT_ACCESS_TOKEN',
    holds: (values) =>
      values['HUBSPOT_BASE_URL'] !== undefined && values['HUBSPOT_ACCESS_TOKEN'] === undefined,
    expected: {
      en: 'HUBSPOT_BASE_URL is set, and nothing can be read there without a token',
      fr: 'HUBSPOT_BASE_URL est défini, et rien ne peut y être lu sans jeton',
    },
  },
  {
    variable: 'PIPEDRIVE_API_TOKEN',
    holds: (values) =>
      values['PIPEDRIVE_BASE_URL'] !== undefined && values['PIPEDRIVE_API_TOKEN'] === undefined,
    expected: {
      en: 'PIPEDRIVE_BASE_URL is set, and nothing can be read there without a token',
      fr: 'PIPEDRIVE_BASE_URL est défini, et rien ne peut y être lu sans jeton',
    },
  },
];

export function contradictions(values: Values, locale: 'fr' | 'en'): readonly string[] {
  return CONTRADICTIONS.filter(({ holds }) => holds(values)).map(({ variable, expected }) =>
    foundLine(variable, values[variable], locale, expected[locale]),
  );
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

function isThisMachine(host: string): boolean {
  return LOOPBACK.has(host);
}

function isElsewhere(address: string): boolean {
  return URL.canParse(address) && !isThisMachine(new URL(address).hostname.replace(/^\[|\]$/g, ''));
}

export function unreadableFile(variable: string, path: string, locale: 'fr' | 'en'): string {
  return {
    en: `${variable}: the file "${path}" cannot be read; expected a readable file that holds the value`,
    fr: `${variable} : le fichier « ${path} » est illisible ; attendu : un fichier lisible qui contient la valeur`,
  }[locale];
}

export function emptyFile(variable: string, path: string, locale: 'fr' | 'en'): string {
  return {
    en: `${variable}: the file "${path}" is empty; expected a file that holds the value`,
    fr: `${variable} : le fichier « ${path} » est vide ; attendu : un fichier qui contient la valeur`,
  }[locale];
}

export function givenTwice(variable: string, locale: 'fr' | 'en'): string {
  return {
    en: `${variable}: given twice, also as ${variable}_FILE; expected one of them`,
    fr: `${variable} : donné deux fois, aussi par ${variable}_FILE ; attendu : l'un des deux`,
  }[locale];
}
