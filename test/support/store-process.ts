/** A process that opens the embedded store in the folder it is given and does what its second argument says. Run by the suites of the store. */
import { setTimeout as pause } from 'node:timers/promises';
import { asId, type TenantId } from '../../src/core/values/ids.ts';
import { StoreError } from '../../src/ports/store-error.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';

const [dataDir = '', task = ''] = process.argv.slice(2);
const TENANT = asId<TenantId>('company');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Commits one effect after the other and says each number only when its commit is acknowledged. */
async function commitUntilKilled(): Promise<never> {
  const store = await openEmbeddedStore({ dataDir });
  await store.system.createTenant({ id: TENANT, name: 'Company' });
  const dueAt = Temporal.Instant.from('2026-11-16T06:00:00Z');
  for (let count = 0; ; count += 1) {
    await store.inTenant(TENANT, ({ effects }) =>
      effects.add({ kind: 'pull', key: String(count), payload: {}, dueAt }),
    );
    say(String(count));
  }
}

async function holdOpen(): Promise<void> {
  await openEmbeddedStore({ dataDir });
  say('open');
  await pause(600_000);
}

try {
  await (task === 'commit' ? commitUntilKilled() : holdOpen());
} catch (error) {
  say(error instanceof StoreError ? `${error.code} ${error.message}` : String(error));
  process.exitCode = 1;
}
