/** A process that takes the first ring it hears, says so on stdout and never ends its answer: to be killed by a test. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue, type QueueAddress } from './queue-backends.ts';

const address: QueueAddress = JSON.parse(process.argv[2] ?? '');
const queue = await openQueue(address);
await queue.listen(
  async ({ effectId }) => {
    process.stdout.write(`took ${effectId}\n`);
    await sleep(600_000);
  },
  { concurrency: 1 },
);
process.stdout.write('listening\n');
