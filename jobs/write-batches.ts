/** The writing itself, batch by batch, with a mark before each call and a receipt after it. */
import type { ConnectionId } from '../src/core/values/ids.ts';
import type { DealWrite } from '../src/core/write-back/write-back.ts';
import type { CrmSession, WriteOutcome } from '../src/ports/connector.ts';
import type { JobContext, JobRun } from './context.ts';

/** What a run of writing came to. */
export interface Written {
  readonly settled: number;
  readonly refused: number;
  readonly uncertain: number;
  readonly postponed: number;
  /** When the CRM's budget allows the postponed ones. */
  readonly resumesAt: Temporal.Instant | null;
}

/** Each batch is marked as on its way before the call and settled after it: at any kill we know which deals to ask about. */
export async function writeInBatches(
  context: JobContext,
  run: JobRun,
  connectionId: ConnectionId,
  session: CrmSession,
  writes: readonly DealWrite[],
): Promise<Written> {
  const all: WriteOutcome[] = [];
  for (let start = 0; start < writes.length; start += session.writeBatchSize) {
    const batch = writes.slice(start, start + session.writeBatchSize);
    await run.commit((tenant) => tenant.receipts.begin(connectionId, batch, context.clock.now()));
    for await (const outcomes of session.write(batch)) {
      await run.commit((tenant) => tenant.receipts.settle(connectionId, outcomes, context.clock.now()));
      all.push(...outcomes);
    }
    context.progress({
      job: 'write_back',
      connectionId,
      done: all.length,
      expected: writes.length,
      unit: 'writes',
    });
    // The budget of the day is used up: every further batch would only be told the same.
    if (all.some((outcome) => outcome.kind === 'postponed')) break;
  }
  const written = countOutcomes(all, writes.length);
  const { settled, refused, uncertain, postponed } = written;
  context.logger.info('written back', {
    connection: connectionId,
    deals: settled,
    refused,
    uncertain,
    postponed,
  });
  return written;
}

function countOutcomes(outcomes: readonly WriteOutcome[], planned: number): Written {
  const count = (kind: WriteOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const postponed = outcomes.find((outcome) => outcome.kind === 'postponed');
  return {
    settled: count('written'),
    refused: count('refused'),
    uncertain: count('uncertain'),
    postponed: postponed === undefined ? 0 : planned - (outcomes.length - count('postponed')),
    resumesAt: postponed?.resumesAt ?? null,
  };
}
