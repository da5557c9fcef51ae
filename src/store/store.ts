import type { Store, TenantStore } from '../ports/store.ts';
import { auditLog } from './audit.ts';
import { connectionStore } from './connections.ts';
import type { Database, TenantTransaction } from './database.ts';
import { digestStore } from './digests.ts';
import { effectStore } from './effects.ts';
import { webhookInbox } from './inbox.ts';
import { receiptStore } from './receipts.ts';
import { recordStore } from './records.ts';
import { frozenForecastStore, reliabilityStore } from './reliability.ts';
import { reviewNoteStore } from './review-notes.ts';
import { settingsStore } from './settings.ts';
import { snapshotStore } from './snapshots.ts';
import { systemStore } from './system.ts';

/** The port on an open, migrated database. `close` may be called twice. */
export function createStore(database: Database, label: string | null, close: () => Promise<void>): Store {
  let closing: Promise<void> | null = null;
  return {
    label,
    system: systemStore(database),
    inTenant: (tenantId, work) =>
      database.transaction('jalon_app', tenantId, (tx) => work(tenantStore({ tx, tenantId }))),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function tenantStore(own: TenantTransaction): TenantStore {
  return {
    connections: connectionStore(own),
    records: recordStore(own),
    settings: settingsStore(own),
    snapshots: snapshotStore(own),
    reliability: reliabilityStore(own),
    frozenForecasts: frozenForecastStore(own),
    receipts: receiptStore(own),
    digests: digestStore(own),
    effects: effectStore(own),
    reviewNotes: reviewNoteStore(own),
    inbox: webhookInbox(own),
    audit: auditLog(own),
  };
}
