import { describe, expect, it } from 'vitest';
import { requireSameOrigin } from '../../src/http/same-origin.ts';

function answers(
  headers: Readonly<Record<string, string>>,
  config: { accessToken: string | null; publicUrl: string | null } = { accessToken: null, publicUrl: null },
): 'taken' | number {
  let outcome: 'taken' | number = 0;
  const response = {
    status: (code: number) => {
      outcome = code;
      return response;
    },
    type: () => response,
    send: () => response,
  };
  requireSameOrigin(config)({ get: (name: string) => headers[name] } as never, response as never, () => {
    outcome = 'taken';
  });
  return outcome;
}

describe('a form is taken', () => {
  const ours = { host: '127.0.0.1:4321', 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:4321' };

  it('from our own page, on this machine by any of its names', () => {
    expect(answers(ours)).toBe('taken');
    expect(answers({ host: 'localhost:4321', origin: 'http://localhost:4321' })).toBe('taken');
    expect(answers({ host: '[::1]:4321', 'sec-fetch-site': 'same-origin' })).toBe('taken');
  });

  it('behind a proxy that keeps the name, or that is named in PUBLIC_URL', () => {
    const config = { accessToken: 'a-long-enough-secret', publicUrl: 'https://jalon.example.test' };
    expect(answers({ host: 'jalon.example.test', origin: 'https://jalon.example.test' }, config)).toBe(
      'taken',
    );
    expect(answers({ host: '10.0.0.7:4321', origin: 'https://jalon.example.test' }, config)).toBe('taken');
    expect(answers({ host: '10.0.0.7:4321', origin: 'https://evil.test' }, config)).toBe(403);
  });

  it('never from a name that a stranger pointed at this machine, when there is no token', () => {
    const rebound = {
      host: 'evil.test:4321',
      'sec-fetch-site': 'same-origin',
      origin: 'http://evil.test:4321',
    };
    expect(answers(rebound)).toBe(403);
    expect(answers({ host: '127.0.0.1.evil.test', 'sec-fetch-site': 'same-origin' })).toBe(403);
    expect(answers({ host: '', 'sec-fetch-site': 'same-origin' })).toBe(403);
  });

  it('never when the two headers disagree', () => {
    expect(answers({ ...ours, origin: 'https://evil.test' })).toBe(403);
    expect(answers({ ...ours, 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});
