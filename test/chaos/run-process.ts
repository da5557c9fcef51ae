/** Starts a run in a process of its own and ends it as asked: by SIGKILL at a trigger, by its own crash point, or when it is done. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LeftBehind, MondayOrder, Told } from './order.ts';

const PROGRAM = join(import.meta.dirname, 'monday-process.ts');
/** A run that takes longer hangs. */
const PATIENCE_MS = 180_000;
const LOOK_MS = 2;

export interface RunEnd {
  readonly end: 'killed' | 'done' | 'failed';
  /** What the process found at its start; null when it died before it could look. */
  readonly left: LeftBehind | null;
  readonly prepared: boolean;
  readonly steps: readonly string[];
  readonly ms: number;
  /** For a failure: what it said. */
  readonly said: string;
}

/** True as soon as the process is to be killed; asked every 2 ms with the milliseconds since its start. */
export type Trigger = (sinceMs: number, steps: readonly string[]) => boolean;

export async function runProcess(order: MondayOrder, trigger: Trigger | null): Promise<RunEnd> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A third of the time of a start is compiling modules.
    env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(order.stateFile), 'compiled') },
  });
  const heard = listenTo(child);
  const since = () => performance.now() - startedMs;
  const watch = setInterval(() => {
    if (trigger?.(since(), heard.steps) || since() > PATIENCE_MS) child.kill('SIGKILL');
  }, LOOK_MS);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearInterval(watch);
  const inTime = since() <= PATIENCE_MS;
  const end = code === 0 ? 'done' : signal === 'SIGKILL' && inTime ? 'killed' : 'failed';
  return {
    end,
    left: heard.left(),
    prepared: heard.prepared(),
    steps: heard.steps,
    ms: since(),
    said: inTime ? heard.said() : `no end after ${PATIENCE_MS} ms: ${heard.said()}`,
  };
}

function listenTo(child: ChildProcess) {
  const steps: string[] = [];
  let left: LeftBehind | null = null;
  let prepared = false;
  let said = '';
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = readLine(line);
      if (told?.say === 'left') left = told.left;
      else if (told?.say === 'prepared') prepared = true;
      else if (told?.say === 'step') steps.push(told.job);
      else said += `${told?.text ?? line}\n`;
    });
  child.stderr?.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-4_000);
  });
  return { steps, left: () => left, prepared: () => prepared, said: () => said };
}

/** A line cut short by the kill is no line. */
function readLine(line: string): Told | null {
  try {
    return JSON.parse(line) as Told;
  } catch {
    return null;
  }
}
