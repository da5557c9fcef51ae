import { createPipedriveConnector } from '../../connectors/pipedrive/index.ts';
import {
  type PipedriveSandbox,
  type PipedriveSandboxOptions,
  startPipedriveSandbox,
} from '../../sandbox/pipedrive/server.ts';
import { FIRST_SMALL_DEAL_ID, smallWorld } from '../../sandbox/world/small-world.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import type { DealWrite, PropertyKey, PropertySpec } from '../../src/core/write-back/write-back.ts';
import type { ConnectorLimits, CrmSession, WriteOutcome } from '../../src/ports/connector.ts';
import { logBook } from './log-book.ts';
import { virtualTime } from './virtual-time.ts';

const running: PipedriveSandbox[] = [];

/** After each test. */
export async function closeSandboxes(): Promise<void> {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
}

export async function sandboxWith(options: Partial<PipedriveSandboxOptions> = {}): Promise<PipedriveSandbox> {
  const limits = { burst: 1_000_000, ...options.limits };
  const sandbox = await startPipedriveSandbox({ world: smallWorld(40), ...options, limits });
  running.push(sandbox);
  return sandbox;
}

export function sessionOn(
  sandbox: PipedriveSandbox,
  limits?: ConnectorLimits,
  token = sandbox.token,
): CrmSession {
  const account = { accessToken: async () => token, baseUrl: sandbox.url, logger: logBook() };
  return createPipedriveConnector(virtualTime()).open(
    limits === undefined ? account : { ...account, limits },
  );
}

export const worldId = (nth: number) => String(FIRST_SMALL_DEAL_ID + nth);
export const label = { fr: 'Poids du jalon (%)', en: 'Milestone weight (%)' };
export const WEIGHT: PropertySpec = { key: 'jalon_weight', type: 'number', label, description: label };

export function weights(count: number, weight = '60'): DealWrite[] {
  return Array.from({ length: count }, (_, nth) => ({
    dealId: asId<DealId>(worldId(nth)),
    currency: null,
    values: new Map<PropertyKey, string>([['jalon_weight', weight]]),
  }));
}

export async function written(session: CrmSession, writes: readonly DealWrite[]): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for await (const batch of session.write(writes)) outcomes.push(...batch);
  return outcomes;
}
