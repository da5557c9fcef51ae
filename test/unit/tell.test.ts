import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { JobError } from '../../jobs/context.ts';
import { LogError } from '../../sandbox/logs/types.ts';
import type { App } from '../../src/cli/app.ts';
import { CommandError } from '../../src/cli/command-error.ts';
import { gravest } from '../../src/cli/exit-codes.ts';
import { tell } from '../../src/cli/tell.ts';
import { exitOfReport } from '../../src/cli/with-services.ts';
import { readConfig } from '../../src/config.ts';
import { MailerError } from '../../src/mail/mailer-error.ts';
import { ConnectorError } from '../../src/ports/connector.ts';
import { QueueError } from '../../src/ports/queue.ts';
import { StoreError } from '../../src/ports/store-error.ts';

function appIn(locale: 'en' | 'fr', logLevel = 'info'): { app: App; noted: string[] } {
  const noted: string[] = [];
  const unused = () => {
    throw new Error('not part of this test');
  };
  const app: App = {
    config: readConfig({ LOG_LEVEL: logLevel }),
    terminal: {
      interactive: false,
      locale,
      print: unused,
      note: (line) => void noted.push(line),
      progress: unused,
    },
    open: unused,
    startSandbox: unused,
    startMailSink: unused,
    ...{ readEventLog: unused },
  };
  return { app, noted };
}

function told(error: unknown, locale: 'en' | 'fr' = 'en', logLevel = 'info') {
  const { app, noted } = appIn(locale, logLevel);
  return { exit: tell(app, error), lines: noted };
}

const never = { retry: { kind: 'never' }, whoMustAct: 'admin' } as const;

function systemError(): unknown {
  try {
    return readFileSync('/nowhere/at/all');
  } catch (error) {
    return error;
  }
}

describe('a failure on the terminal', () => {
  it.each<[string, unknown, number, string]>([
    [
      'a refused token',
      new ConnectorError('CRM_UNAUTHORISED', 'hubspot GET /x', never),
      4,
      'CRM_UNAUTHORISED',
    ],
    ['a missing scope', new ConnectorError('CRM_FORBIDDEN', 'hubspot GET /x', never), 4, 'CRM_FORBIDDEN'],
    [
      'a limit of the day',
      new ConnectorError('CRM_DAILY_LIMIT', 'hubspot GET /x', never),
      5,
      'CRM_DAILY_LIMIT',
    ],
    ['an outage', new ConnectorError('CRM_UNAVAILABLE', 'hubspot GET /x', never), 1, 'CRM_UNAVAILABLE'],
    ['a full disk', new StoreError('STORE_DISK_FULL', 'x', undefined, '/data'), 1, 'STORE_DISK_FULL'],
    ['an old server', new StoreError('STORE_TOO_OLD', 'x', undefined, 'db:5432, 14.1'), 2, 'STORE_TOO_OLD'],
    [
      'an evicting Redis',
      new QueueError('QUEUE_EVICTION', 'x', { place: 'allkeys-lru' }),
      2,
      'QUEUE_EVICTION',
    ],
    ['a log without files', new LogError('/logs holds no log'), 2, 'LOG_UNREADABLE'],
    ['a mail address', new MailerError('SMTP_URL_INVALID', 'x'), 2, 'SMTP_URL_INVALID'],
    ['a missing token', new JobError('TOKEN_MISSING', 'HUBSPOT_ACCESS_TOKEN'), 2, 'TOKEN_MISSING'],
    ['a path', systemError(), 2, 'FILE_UNUSABLE'],
    ['a wrong command', new CommanderError(1, 'commander.unknownCommand', 'x'), 2, 'COMMAND_INVALID'],
    ['a bug', new TypeError('undefined is not a function'), 1, 'UNEXPECTED'],
  ])('%s: one line with its code, in both languages, and its exit code', (_what, error, exit, code) => {
    const [english, french] = [told(error, 'en'), told(error, 'fr')];
    expect([english.exit, french.exit]).toEqual([exit, exit]);
    expect([english.lines.length, french.lines.length]).toEqual([1, 1]);
    expect(english.lines[0]).toMatch(new RegExp(`^${code}: .+\\. .+\\.$`));
    expect(french.lines[0]).toMatch(new RegExp(`^${code}: .+\\. .+\\.$`));
    expect(french.lines[0]).not.toBe(english.lines[0]);
  });

  it('names the place', () => {
    const error = new StoreError('STORE_LOCKED', 'long English text', undefined, '/data, pid 42, host');
    expect(told(error, 'fr').lines[0]).toContain('(/data, pid 42, host).');
    expect(told(systemError()).lines[0]).toContain('(/nowhere/at/all, ENOENT, open).');
  });

  it('shows no stack unless it is asked for, and never a password', () => {
    const bug = new Error('connect postgres://me:hunter2@host failed\nsecond line');
    const quiet = told(bug);
    expect(quiet.lines).toHaveLength(1);
    expect(quiet.lines[0]).toContain('Error: connect postgres://me:[secret]host failed');
    expect(quiet.lines[0]).toContain('LOG_LEVEL=debug');
    const loud = told(bug, 'en', 'debug');
    expect(loud.lines[1]).toContain('tell.test.ts');
    expect(loud.lines.join('\n')).not.toContain('hunter2');
  });

  it('of a command that explained itself is told in its own lines', () => {
    expect(told(new CommandError(['one', 'two'], 3))).toEqual({ exit: 3, lines: ['one', 'two'] });
  });

  it('help is no failure', () => {
    expect(told(new CommanderError(0, 'commander.helpDisplayed', ''))).toEqual({ exit: 0, lines: [] });
  });
});

describe('work that did not end', () => {
  const dueAt = Temporal.Instant.from('2026-03-02T09:00:00Z');

  it('is told by its code in the language of the user, with what happens next', () => {
    const { app, noted } = appIn('fr');
    const exit = exitOfReport(app, {
      unfinished: [{ kind: 'pull', state: 'pending', error: 'CRM_RATE_LIMITED: hubspot GET /x', dueAt }],
    });
    expect(exit).toBe(5);
    expect(noted).toEqual([
      'CRM_RATE_LIMITED: Le CRM demande moins d’appels pendant un moment (hubspot GET /x). Rien : le travail attend et reprend où il s’est arrêté.',
      'pull attend jusqu’à 2026-03-02T09:00:00Z, puis reprend de lui-même si « jalon serve » tourne.',
    ]);
  });

  it('ends with the code that a person can act on first', () => {
    const { app } = appIn('en');
    const unfinished = ['CRM_DAILY_LIMIT: x', 'CRM_UNAUTHORISED: x', 'SMTP_TIMEOUT: x'].map((error) => ({
      kind: 'pull',
      state: 'parked',
      error,
      dueAt,
    }));
    expect(exitOfReport(app, { unfinished })).toBe(4);
    expect(exitOfReport(app, { unfinished: [] })).toBe(0);
    expect(gravest([5, 1, 3])).toBe(1);
  });
});
