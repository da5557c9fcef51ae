import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'jalon-config-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration', () => {
  it('says how much of a Pipedrive company’s daily tokens is ours: half, unless told otherwise', () => {
    expect(readConfig({}).pipedriveBudget).toEqual({ dailyTokens: null, shareBps: null });
    const told = { PIPEDRIVE_DAILY_TOKENS: '300000', PIPEDRIVE_SHARE_PERCENT: '20' };
    expect(readConfig(told).pipedriveBudget).toEqual({ dailyTokens: 300_000, shareBps: 2_000 });
    const [problem] = problemsOf({ PIPEDRIVE_SHARE_PERCENT: '120', JALON_LOCALE: 'en' });
    expect(problem).toBe('PIPEDRIVE_SHARE_PERCENT: found "120"; expected a whole number from 1 to 100');
  });

  it('needs nothing: a fresh machine runs on defaults', () => {
    expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 4321, databaseUrl: null, locale: 'en' });
  });

  it('counts an empty variable as absent, as compose files leave it so', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '  ', HUBSPOT_ACCESS_TOKEN: '' })).toEqual(readConfig({}));
  });

  it('tells every problem at once: each names its variable, what was found and what is expected', () => {
    expect(
      problemsOf({
        PORT: '99999',
        LOG_LEVEL: 'loud',
        JALON_MAIL_FROM: 'not an address',
        REDIS_URL: 'http://cache:6379',
        HOST: '0.0.0.0',
      }),
    ).toEqual([
      'JALON_MAIL_FROM: found "not an address"; expected one mail address, such as jalon@example.com',
      'REDIS_URL: found 17 characters; expected an address such as redis://host:6379',
      'PORT: found "99999"; expected a whole number from 0 to 65535',
      'LOG_LEVEL: found "loud"; expected debug, info, warn, error or silent',
      'HOST: found "0.0.0.0"; any address other than 127.0.0.1 needs JALON_ACCESS_TOKEN (16 characters or more), because there is no sign-in yet',
    ]);
  });

  it('says the same in French to whom the system speaks French', () => {
    expect(problemsOf({ LANG: 'fr_FR.UTF-8', PORT: 'abc', HOST: '::' })).toEqual([
      'PORT : trouvé "abc" ; attendu : un nombre entier de 0 à 65535',
      'HOST : trouvé "::" ; toute adresse autre que 127.0.0.1 exige JALON_ACCESS_TOKEN (16 caractères ou plus), car la connexion n\'existe pas encore',
    ]);
    expect(problemsOf({ JALON_LOCALE: 'de', LANG: 'fr_FR' })).toEqual([
      'JALON_LOCALE: found "de"; expected fr or en',
    ]);
  });

  it('never repeats a secret, however wrong it is', () => {
    const secrets = {
      DATABASE_URL: 'mysql://user:s3cret-a@host/db',
      REDIS_URL: 'host:s3cret-b',
      SMTP_URL: 'user:s3cret-c@host',
      HUBSPOT_ACCESS_TOKEN: 's3cret-d with a blank',
      PIPEDRIVE_API_TOKEN: 's3cret-e\nX-Header: 1',
      JALON_ACCESS_TOKEN: 's3cret-f',
    };
    const problems = problemsOf(secrets);
    for (const variable of Object.keys(secrets))
      expect(problems.some((line) => line.startsWith(`${variable}: found `))).toBe(true);
    expect(problems.join('\n')).not.toContain('s3cret');
  });

  it('opens to other machines only with an access token that is long enough', () => {
    expect(problemsOf({ HOST: '0.0.0.0', JALON_ACCESS_TOKEN: 'short' })).toHaveLength(1);
    expect(readConfig({ HOST: '0.0.0.0', JALON_ACCESS_TOKEN: 'sixteen-or-longer' }).host).toBe('0.0.0.0');
  });
});

describe('a secret in a file', () => {
  it('is read from the file that <VARIABLE>_FILE names, without its line end', () => {
    const path = file('token', 'pat-eu1-1234\n');
    expect(readConfig({ HUBSPOT_ACCESS_TOKEN_FILE: path }).crm.hubspot.token).toBe('pat-eu1-1234');
  });

  it('that cannot be read is told beside the other problems', () => {
    const path = join(folder, 'nowhere');
    expect(problemsOf({ DATABASE_URL_FILE: path, PORT: 'abc' })).toEqual([
      `DATABASE_URL_FILE: the file "${path}" cannot be read; expected a readable file that holds the value`,
      'PORT: found "abc"; expected a whole number from 0 to 65535',
    ]);
  });

  it('that is empty is no secret', () => {
    const path = file('empty', '\n');
    expect(problemsOf({ JALON_LOCALE: 'fr', SMTP_URL_FILE: path })).toEqual([
      `SMTP_URL_FILE : le fichier « ${path} » est vide ; attendu : un fichier qui contient la valeur`,
    ]);
  });

  it('that is also given directly is ambiguous', () => {
    const path = file('url', 'redis://a:6379');
    expect(problemsOf({ REDIS_URL_FILE: path, REDIS_URL: 'redis://b:6379' })).toEqual([
      'REDIS_URL: given twice, also as REDIS_URL_FILE; expected one of them',
    ]);
  });

  it('with a wrong value says how long it is and no more', () => {
    const path = file('wrong', 'ftp://user:hidden@host');
    expect(problemsOf({ DATABASE_URL_FILE: path })).toEqual([
      'DATABASE_URL: found 22 characters; expected an address such as postgres://user:password@host:5432/database',
    ]);
  });
});

describe('a configuration that is only half done', () => {
  it('names the token that a CRM address needs', () => {
    expect(problemsOf({ HUBSPOT_BASE_URL: 'http://127.0.0.1:1' })).toEqual([
      'HUBSPOT_ACCESS_TOKEN: found nothing; HUBSPOT_BASE_URL is set, and nothing can be read there without a token',
    ]);
    expect(problemsOf({ PIPEDRIVE_BASE_URL: 'http://127.0.0.1:1' })).toHaveLength(1);
  });

  it('asks for a sender when a real mail server is configured, and not for one on this machine', () => {
    expect(problemsOf({ SMTP_URL: 'smtp://mail.example.com:587' })).toEqual([
      'JALON_MAIL_FROM: found nothing; SMTP_URL names a mail server, which needs an address that it may send for, such as jalon@example.com',
    ]);
    expect(problemsOf({ SMTP_URL: 'smtp://127.0.0.1:2525' })).toEqual([]);
  });
});
