/** Every CRM that Jalon speaks to: one line each. */
import type { CrmKind } from '../src/core/values/crm.ts';
import type { Connector } from '../src/ports/connector.ts';
import { hubspot } from './hubspot/index.ts';
import { pipedrive } from './pipedrive/index.ts';

export const connectors: ReadonlyMap<CrmKind, Connector> = new Map<CrmKind, Connector>([
  ['hubspot', hubspot],
  ['pipedrive', pipedrive],
]);
