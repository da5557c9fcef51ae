import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

function sources(...folders: string[]): { path: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: path.slice(ROOT.length + 1), text: readFileSync(path, 'utf8') })),
  );
}

/** The lock compares itself with the clock of the file system and of the kernel; nothing of the business does. */
const CLOCKS = ['src/clock.ts', 'connectors/governor.ts', 'src/store/data-dir-lock.ts'];

/** Lines that match, as "path:line: text"; comments do not count. */
function hits(files: { path: string; text: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const code = line.replace(/^\s*(\/\/|\*|\/\*).*/, '');
      return pattern.test(code) ? [`${path}:${index + 1}: ${line.trim()}`] : [];
    }),
  );
}

describe('the house', () => {
  it('keeps clock, randomness and files out of the core', () => {
    expect(
      hits(
        sources('src/core'),
        /Date\.now|new Date\(|Temporal\.Now|Math\.random|process\.|from 'node:|\bfetch\(/,
      ),
    ).toEqual([]);
  });

  it('reads the environment in one file', () => {
    const files = sources('src', 'connectors', 'jobs', 'templates', 'sandbox').filter(
      ({ path }) => path !== 'src/config.ts',
    );
    expect(hits(files, /process\.env/)).toEqual([]);
  });

  it('never reads money as a float', () => {
    expect(
      hits(
        sources('src/core', 'connectors', 'jobs', 'src/store'),
        /parseFloat|parseInt\(|Number\([^)]*amount(?!Minor)/i,
      ),
    ).toEqual([]);
  });

  it('never turns an error into emptiness', () => {
    const pattern = /catch\s*(\(\w*\))?\s*\{\s*(return\s*(\[\]|null|undefined|\{\})?;?)?\s*\}/;
    expect(hits(sources('src', 'connectors', 'jobs', 'templates'), pattern)).toEqual([]);
  });

  it('asks the system clock in one file', () => {
    const files = sources('src', 'connectors', 'jobs', 'templates').filter(
      ({ path }) => !CLOCKS.includes(path),
    );
    expect(hits(files, /Date\.now|new Date\(\)|Temporal\.Now/)).toEqual([]);
  });

  it('asks no rep for a forecast: no route, field or text takes one', () => {
    const files = sources('src/http', 'src/web').filter(({ path }) => !path.includes('assets'));
    expect(hits(files, /name="(forecast|probability|amount)"/)).toEqual([]);
  });

  it('leaves no open ends', () => {
    expect(
      hits(sources('src', 'connectors', 'jobs', 'templates', 'sandbox'), /\b(TODO|FIXME|XXX)\b/),
    ).toEqual([]);
  });
});
