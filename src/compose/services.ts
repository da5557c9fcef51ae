/** Adapters behind ports, chosen by configuration: embedded or Postgres, Postgres queue or Redis. */
import { join } from 'node:path';
import pino from 'pino';
import { connectors } from '../../connectors/registry.ts';
import type { JobContext } from '../../jobs/context.ts';
import { tick } from '../../jobs/schedule.ts';
import { sweep } from '../../jobs/sweep.ts';
import { answer, ringSafely } from '../../jobs/worker.ts';
import type { OpenOptions, Services } from '../cli/app.ts';
import type { Terminal } from '../cli/terminal.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { asId, type TenantId } from '../core/values/ids.ts';
import { pingMonitor } from '../heartbeat.ts';
import { startHttp } from '../http/server.ts';
import { newWebhookCounts } from '../http/webhook-door.ts';
import { openLogger } from '../logger.ts';
import { openSmtpMailer } from '../mail/smtp.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { Doorbell, Queue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';
import { openPostgresQueue } from '../queue/postgres.ts';
import { openRedisQueue } from '../queue/redis.ts';
import { openEmbeddedStore } from '../store/embedded.ts';
import { openPostgresStore } from '../store/postgres.ts';
import { linkMaker } from './links.ts';
import { mailKey } from './mail-key.ts';
import { performEffect } from './perform.ts';
import { replayInThread } from './replay-thread.ts';
import { accountSessions } from './sessions.ts';
import { webhookTargets } from './webhook-targets.ts';

/** One tenant per process until sign-in exists; everything below the composition root already asks which. */
const TENANT = asId<TenantId>('main');

const SWEEP_MS = 30_000;
const TICK_MS = 60_000;
const CONCURRENCY = 4;

export async function openServices(
  config: Config,
  terminal: Terminal,
  options: OpenOptions,
): Promise<Services> {
  const crm = options.crm ?? 'hubspot';
  const dataDir = options.dataDir ?? config.dataDir;
  const logger = openLogger(
    terminal.interactive && config.logLevel === 'info' ? 'warn' : config.logLevel,
    pino.destination({ dest: 2, sync: true }),
  );
  const clock = options.clock ?? systemClock;
  // What may fail and holds nothing comes first: a store that was opened would keep a process that cannot start from ending.
  const mailer = openMailer(config, options);
  const key = mailKey(dataDir);
  const { store, queue } = await openStoreAndQueue(config, dataDir, logger, clock);
  const address = { base: config.publicUrl ?? `http://${config.host}:${config.port}` };
  const sessions = accountSessions(config, options, logger);
  const context: JobContext = {
    store,
    mailer,
    clock,
    logger,
    openSession: sessions.open,
    mailFrom: { name: 'Jalon', address: config.mailFrom },
    alertEmail: config.alertEmail,
    ...heartbeatOf(config),
    links: linkMaker(address, key),
    webhookTarget: webhookTargets(config, key, options),
    progress: options.progress ?? (() => undefined),
    replay: replayInThread,
  };
  const closers: (() => Promise<unknown>)[] = [
    () => store.close(),
    () => mailer.close(),
    () => queue.close(),
  ];
  const webhooks = {
    reader: (kind: CrmKind) => connectors.get(kind)?.webhooks ?? null,
    target: webhookTargets(config, key, options),
    counts: newWebhookCounts(),
  };
  let working = false;
  return {
    store,
    queue,
    context,
    tenantId: TENANT,
    crm,
    session: (connection) => sessions.open(connection, new AbortController().signal),
    usage: sessions.usage,
    useBudget: sessions.useBudget,
    webhookCounts: webhooks.counts,
    perform: (effect) => performEffect(context, queue, TENANT, effect, working),
    startWorking: async ({ schedule }) => {
      working = true;
      await queue.listen((doorbell) => answer(context, queue, doorbell).then(() => undefined), {
        concurrency: CONCURRENCY,
      });
      closers.push(every(SWEEP_MS, logger, () => sweep(context, queue)));
      if (schedule) closers.push(every(TICK_MS, logger, () => tick(context, queue)));
    },
    listen: async (port) => {
      const server = await startHttp(
        {
          store,
          tenantId: TENANT,
          crm,
          clock: context.clock,
          logger,
          links: context.links,
          ring: (effectIds) => {
            void ringSafely(context, queue, doorbellsOf(effectIds));
          },
          mailSource: (mail) => mailer.source(mail),
          key,
          config,
          webhooks,
        },
        port ?? config.port,
      );
      closers.push(server.close);
      if (config.publicUrl === null) address.base = server.url;
      return server.url;
    },
    close: async () => {
      // Backwards: nothing is closed while somebody who uses it still runs.
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

function doorbellsOf(effectIds: readonly string[]): readonly Doorbell[] {
  return effectIds.map((effectId) => ({ tenantId: TENANT, effectId }));
}

function heartbeatOf({ heartbeatUrl }: Config): Pick<JobContext, 'heartbeat'> {
  return heartbeatUrl === null ? {} : { heartbeat: (signal) => pingMonitor(heartbeatUrl, signal) };
}

async function openStoreAndQueue(
  config: Config,
  dataDir: string,
  logger: Logger,
  clock: Clock,
): Promise<{ store: Store; queue: Queue }> {
  if (config.databaseUrl !== null) {
    const store = await openPostgresStore({ databaseUrl: config.databaseUrl });
    return { store, queue: await openQueue(config, config.databaseUrl, false, logger, store) };
  }
  const store = await openEmbeddedStore({ dataDir: join(dataDir, 'database') });
  await releaseLeases(store, clock, logger);
  return { store, queue: await openQueue(config, store.connectionString, true, logger, store) };
}

/** The embedded database serves this process alone: whoever held a lease is dead. On a server leases run out by themselves. */
async function releaseLeases(store: Store, clock: Clock, logger: Logger): Promise<void> {
  try {
    const leases = await store.system.releaseDeadLeases(clock.now());
    if (leases > 0) logger.info('work of a process that died goes on', { leases });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openQueue(
  config: Config,
  connectionString: string,
  embedded: boolean,
  logger: Logger,
  store: Store,
): Promise<Queue> {
  try {
    if (config.redisUrl !== null) return await openRedisQueue({ redisUrl: config.redisUrl, logger });
    return await openPostgresQueue({ connectionString, embedded, forgetOldRings: embedded, logger });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Without SMTP_URL every digest waits in the ledger with that reason; previews work all the same. */
function openMailer(config: Config, options: OpenOptions): Mailer {
  const smtpUrl = options.smtpUrl ?? config.smtpUrl;
  if (smtpUrl !== null) return openSmtpMailer({ smtpUrl });
  const composer = openSmtpMailer({ smtpUrl: 'smtp://127.0.0.1' });
  return { ...composer, send: async () => ({ kind: 'unsent', code: 'SMTP_NOT_CONFIGURED' }) };
}

/** Runs `work` now and then again and again, never twice at once, until stopped; a failure is told and the next round tries again. */
function every(intervalMs: number, logger: Logger, work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const round = () => {
    if (busy) return;
    busy = true;
    running = work()
      .catch((error: unknown) => {
        logger.error('round failed', { error: error instanceof Error ? error.name : 'unknown' });
      })
      .finally(() => {
        busy = false;
      });
  };
  round();
  const timer = setInterval(round, intervalMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
