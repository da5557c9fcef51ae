import type { Progress } from '../../jobs/context.ts';
import { type MessageKey, say } from './messages.ts';
import type { Terminal } from './terminal.ts';

const LINES: Readonly<Partial<Record<Parameters<Progress>[0]['job'], MessageKey>>> = {
  pull: 'progress.pull',
  snapshot: 'progress.snapshot',
  backtest: 'progress.backtest',
  write_back: 'progress.write_back',
  digest_send: 'progress.digest_send',
};

/** One line that overwrites itself; nothing at all where nobody watches. */
export function watchProgress(terminal: Terminal): Progress {
  return ({ job, done, expected }) => {
    const key = LINES[job];
    if (key === undefined) return;
    const of = expected === undefined ? '' : say(terminal.locale, 'progress.of', { expected });
    terminal.progress(say(terminal.locale, key, { done, of }));
  };
}
