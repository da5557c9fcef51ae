import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailKey } from '../../src/compose/mail-key.ts';

describe('the key that signs links in mails', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jalon-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, for its owner only, and stays', () => {
    const key = mailKey(join(folder, 'new'));
    expect(key).toHaveLength(32);
    expect(mailKey(join(folder, 'new'))).toEqual(key);
    expect(statSync(join(folder, 'new', 'link.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'new'))).toEqual(['link.key']);
  });

  it('that a killed process left empty or cut short is replaced: an empty key would let anybody sign', () => {
    for (const left of ['', 'cut short']) {
      writeFileSync(join(folder, 'link.key'), left);
      expect(mailKey(folder)).toHaveLength(32);
    }
    expect(mailKey(folder)).toEqual(mailKey(folder));
  });
});
