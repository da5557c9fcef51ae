import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { availableServices } from './services.ts';

/** A Redis server of one suite's own, on a free loopback port, without persistence. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Kills it as a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const STARTING_ATTEMPTS = 100;

/** `settings` are redis.conf pairs on top of ours, such as `{ 'maxmemory-policy': 'allkeys-lru' }`; give `port` to start again on an old one. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const program = availableServices().redisServer;
  if (program === null) throw new Error('no redis-server: guard the suite with availableServices()');
  const folder = mkdtempSync(join(tmpdir(), 'jalon-redis-'));
  const port = Number(settings['port'] ?? (await freePort()));
  const all = {
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    dir: folder,
    ...settings,
    port: String(port),
  };
  const child = spawn(
    program,
    Object.entries(all).flatMap(([key, value]) => [`--${key}`, value]),
    { stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  await untilAnswering(port);
  return { url: `redis://127.0.0.1:${port}`, port, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

async function untilAnswering(port: number): Promise<void> {
  for (let attempt = 0; attempt < STARTING_ATTEMPTS; attempt += 1) {
    if (await answers(port)) return;
    await pause(50);
  }
  throw new Error(`redis-server did not answer on port ${port}`);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    return String(reply).startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
