/** The demo as its own process, as a person starts it: for a browser that works in its pages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface DemoProcess {
  /** Address of the pages. */
  readonly url: string;
  /** Holds `mails/*.eml` and `crm-journal.jsonl`; deleted by `stop`. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Resolves when the run is done and its digests have left. Throws with what it printed when it ends before. */
export async function startDemo(locale: 'fr' | 'en', options: readonly string[] = []): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'jalon-demo-'));
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
  const child = spawn(
    process.execPath,
    [main, 'demo', '--stay', '--json', '--lang', locale, '--data', folder, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LOG_LEVEL: 'error' } },
  );
  const complaints: string[] = [];
  child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
  const url = await pageOf(child);
  if (url === null) throw new Error(`the demo ended: ${complaints.join('').slice(-2_000)}`);
  return {
    url,
    folder,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The report is one line of JSON; null when there was none. */
async function pageOf(child: ChildProcess): Promise<string | null> {
  if (child.stdout === null) return null;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"asOf"')) return (JSON.parse(line) as { readonly url: string }).url;
  }
  return null;
}
