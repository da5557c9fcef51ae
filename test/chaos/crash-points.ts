/** Ports that kill their process at one named call: every durable step of a run can be died at, without a line of product code for it. */
import type { Services } from '../../src/cli/app.ts';
import type { CrmSession } from '../../src/ports/connector.ts';
import type { Mailer } from '../../src/ports/mailer.ts';
import type { Store, TenantStore } from '../../src/ports/store.ts';
import type { CrashPoint } from './order.ts';

type Pass = (step: string, when: CrashPoint['when'], kind?: string) => void;
type Method = (...given: unknown[]) => unknown;

/** The services, with the process dying at `crash`. */
export function crashingServices(services: Services, crash: CrashPoint): Services {
  const pass = passOf(crash);
  const store = crashingStore(services.store, pass);
  const { openSession } = services.context;
  return {
    ...services,
    store,
    session: (connection) => crashingSession(services.session(connection), pass),
    context: {
      ...services.context,
      store,
      mailer: crashingMailer(services.context.mailer, pass),
      openSession: (connection, signal) => crashingSession(openSession(connection, signal), pass),
    },
  };
}

function passOf(crash: CrashPoint): Pass {
  let left = crash.nth ?? 1;
  return (step, when, kind) => {
    if (step !== crash.step || when !== crash.when) return;
    if (crash.kind !== undefined && crash.kind !== kind) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}

/** Kind of each effect that this process has met: `done` and its like are told by id only. */
const kinds = new Map<unknown, string>();

function crashingStore(store: Store, pass: Pass): Store {
  return {
    ...store,
    // Each of its calls is a transaction of its own.
    system: watched('system', store.system, pass, (step) => pass(step, 'after')),
    inTenant: async (tenantId, work) => {
      let inside: [string, string | undefined][] = [];
      const result = await store.inTenant(tenantId, (tenant) => {
        // A transaction that is run again starts over.
        inside = [];
        return work(crashingTenant(tenant, pass, (step, kind) => inside.push([step, kind])));
      });
      for (const [step, kind] of inside) pass(step, 'after', kind);
      return result;
    },
  };
}

type Note = (step: string, kind: string | undefined) => void;

function crashingTenant(tenant: TenantStore, pass: Pass, note: Note): TenantStore {
  const groups = Object.entries(tenant).map(([name, group]) => [name, watched(name, group, pass, note)]);
  return Object.fromEntries(groups) as TenantStore;
}

/** `note` hears of each call that came to its end inside its transaction. */
function watched<Port extends object>(name: string, port: Port, pass: Pass, note: Note): Port {
  return new Proxy(port, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      const step = `${name}.${String(key)}`;
      return async (...given: readonly unknown[]) => {
        pass(step, 'before', kinds.get(given[0]));
        const result = await (method as Method).apply(target, [...given]);
        remember(step, result);
        const kind = kinds.get(given[0]);
        pass(step, 'within', kind);
        note(step, kind);
        return result;
      };
    },
  });
}

function remember(step: string, result: unknown): void {
  if (step !== 'effects.claim' || typeof result !== 'object' || result === null) return;
  if ('id' in result && 'kind' in result) kinds.set(result.id, String(result.kind));
}

function crashingMailer(mailer: Mailer, pass: Pass): Mailer {
  return {
    ...mailer,
    send: async (mail) => {
      pass('mailer.send', 'before');
      const outcome = await mailer.send(mail);
      pass('mailer.send', 'after');
      return outcome;
    },
  };
}

function crashingSession(session: CrmSession, pass: Pass): CrmSession {
  const once = async <Answer>(step: string, call: () => Promise<Answer>): Promise<Answer> => {
    pass(step, 'before');
    const answer = await call();
    pass(step, 'after');
    return answer;
  };
  return {
    writeBatchSize: session.writeBatchSize,
    usage: () => session.usage(),
    readDirectory: () => once('session.readDirectory', () => session.readDirectory()),
    ensureProperties: (specs, announce) =>
      once('session.ensureProperties', () => session.ensureProperties(specs, announce)),
    readBack: (ids, keys) => once('session.readBack', () => session.readBack(ids, keys)),
    readDeals: (request) => each('session.readDeals', session.readDeals(request), pass),
    registerWebhook: (target) => once('session.registerWebhook', () => session.registerWebhook(target)),
    removeWebhooks: (url) => session.removeWebhooks(url),
    pull: (request) => each('session.pull', session.pull(request), pass),
    write: (writes) => each('session.write', session.write(writes), pass),
  };
}

/** `before` the first call that an iteration makes, `after` each answer. */
async function* each<Part>(step: string, parts: AsyncIterable<Part>, pass: Pass): AsyncGenerator<Part> {
  pass(step, 'before');
  for await (const part of parts) {
    pass(step, 'after');
    yield part;
  }
}
