/** Opens conversations with the configured account and adds up what they cost. */
import { connectors } from '../../connectors/registry.ts';
import { JobError } from '../../jobs/context.ts';
import type { OpenOptions } from '../cli/app.ts';
import type { Config } from '../config.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { ConnectionRow } from '../ports/connection-store.ts';
import type { CallUsage, ConnectorLimits, CrmSession } from '../ports/connector.ts';
import type { Logger } from '../ports/logger.ts';

const TOKEN_VARIABLE: Readonly<Record<CrmKind, string>> = {
  hubspot: 'HUBSPOT_ACCESS_TOKEN',
  pipedrive: 'PIPEDRIVE_API_TOKEN',
};

export interface AccountSessions {
  readonly open: (connection: ConnectionRow, signal: AbortSignal) => CrmSession;
  readonly usage: () => CallUsage;
  /** What the company file says of the CRM's daily budget; counts for sessions opened from now on. */
  readonly useBudget: (budget: ConnectorLimits) => void;
}

export function accountSessions(
  config: Config,
  { account, limits }: Pick<OpenOptions, 'account' | 'limits'>,
  logger: Logger,
): AccountSessions {
  const opened: CrmSession[] = [];
  let budget: ConnectorLimits = {};
  return {
    open: (connection, signal) => {
      const token = account?.token ?? config.crm[connection.crm].token;
      const baseUrl = account?.baseUrl ?? config.crm[connection.crm].baseUrl;
      const connector = connectors.get(connection.crm);
      if (connector === undefined) throw new Error(`no connector is registered for ${connection.crm}`);
      if (token === null) throw new JobError('TOKEN_MISSING', TOKEN_VARIABLE[connection.crm]);
      const session = connector.open({
        accessToken: async () => token,
        logger,
        signal,
        ...(baseUrl === null ? {} : { baseUrl }),
        limits: { ...budgetOf(config, connection.crm, budget), ...limits },
      });
      opened.push(session);
      return session;
    },
    useBudget: (told) => {
      budget = told;
    },
    usage: () => opened.map((session) => session.usage()).reduce(addUsage, NOTHING_USED),
  };
}

/** Only Pipedrive sells calls by the day. The environment decides before the company file; what replies tell of the day, before both. */
function budgetOf({ pipedriveBudget }: Config, crm: CrmKind, file: ConnectorLimits): ConnectorLimits {
  if (crm !== 'pipedrive') return {};
  const { dailyTokens, shareBps } = pipedriveBudget;
  return {
    ...file,
    ...(shareBps === null ? {} : { dailyShareBps: shareBps }),
    ...(dailyTokens === null ? {} : { dailyTokens }),
  };
}

const NOTHING_USED: CallUsage = { callsByLane: {}, calls: 0, retries: 0, rateLimited: 0 };

function addUsage(left: CallUsage, right: CallUsage): CallUsage {
  const callsByLane: Record<string, number> = { ...left.callsByLane };
  for (const [lane, calls] of Object.entries(right.callsByLane))
    callsByLane[lane] = (callsByLane[lane] ?? 0) + calls;
  return {
    callsByLane,
    calls: left.calls + right.calls,
    retries: left.retries + right.retries,
    rateLimited: left.rateLimited + right.rateLimited,
  };
}
