import type { ColumnType, Generated } from 'kysely';
import type { ReviewMark } from '../core/review/review.ts';
import type { WriteOutcome } from '../ports/connector.ts';

/**
 * Tables as the query builder sees them. Dates, instants and numerics are SQL text (time.ts); `body` columns are canonical JSON.
 * Tables that are only touched by hand-written statements are not listed.
 */
export interface Schema {
  tenant: { id: string; name: string; created_at: Generated<string> };
  connection: {
    tenant_id: string;
    id: string;
    crm: 'hubspot' | 'pipedrive';
    external_account_id: string;
    label: string;
    state: 'active' | 'reconnect_needed' | 'paused';
    last_pulled_at: string | null;
  };
  directory: { tenant_id: string; connection_id: string; body: string; read_at: string };
  pull_cursor: { tenant_id: string; connection_id: string; cursor: string };
  contact: ConnectionScoped & {
    contact_id: string;
    name: string;
    buying_role: string | null;
    updated_at: string;
  };
  confirmation: ConnectionScoped & {
    seq: Generated<string>;
    deal_id: string;
    milestone: string;
    confirmed_on: string;
    customer_person: string;
    link: string;
    verdict: 'confirmed' | 'refused';
    confirmed_by: string;
    at: string;
  };
  rejection: ConnectionScoped & {
    object: string;
    external_id: string;
    code: string;
    field: string;
    pull_id: string;
  };
  model_version: ConnectionScoped & {
    version: number;
    body: string;
    saved_by: string;
    reason: string;
    at: string;
  };
  setting_version: {
    tenant_id: string;
    kind: SettingKind;
    version: number;
    body: string;
    at: Generated<string>;
  };
  snapshot: ConnectionScoped & { id: string; as_of: string; body: string };
  deal_content: { tenant_id: string; content_key: string; body: string };
  snapshot_deal: SnapshotScoped & { deal_id: string; content_key: string };
  forecast: SnapshotScoped;
  forecast_summary: SnapshotScoped & { position: number; body: string };
  forecast_figures: SnapshotScoped & { position: number; body: string };
  forecast_line: SnapshotScoped & { deal_id: string; is_open: boolean; net_minor: string; body: string };
  acknowledged_value: ConnectionScoped & { deal_id: string; key: string; value: string; at: string };
  write_begun: ConnectionScoped & {
    deal_id: string;
    currency: string | null;
    property_values: ColumnType<Record<string, string>, string, string>;
    at: string;
  };
  receipt: ConnectionScoped & {
    seq: Generated<string>;
    deal_id: string;
    kind: WriteOutcome['kind'];
    code: string | null;
    message: string | null;
    modified_at: string | null;
    value_count: number;
    at: string;
  };
  digest: ConnectionScoped & {
    id: Generated<string>;
    manager_id: string;
    iso_week: string;
    snapshot_id: string;
    planned_at: string;
    state: 'planned' | 'claimed' | 'handing_over' | 'sent' | 'uncertain' | 'failed' | 'skipped';
    reason: string | null;
    fence: Generated<number>;
    lease_until: string | null;
    sent_at: string | null;
    late: boolean;
  };
  effect: {
    tenant_id: string;
    id: Generated<string>;
    kind: string;
    key: string;
    payload: ColumnType<Record<string, string>, string, string>;
    state: Generated<'pending' | 'claimed' | 'done' | 'parked'>;
    due_at: string;
    lease_until: string | null;
    attempts: Generated<number>;
    deaths: Generated<number>;
    fence: Generated<number>;
    last_error: string | null;
  };
  review_note: ConnectionScoped & {
    seq: Generated<string>;
    deal_id: string;
    iso_week: string;
    mark: ReviewMark;
    text: string;
    written_by: string;
    at: string;
  };
  webhook_inbox: ConnectionScoped & {
    seq: Generated<string>;
    dedupe_key: string;
    received_at: string;
    raw: string;
    done: Generated<boolean>;
  };
  audit: {
    tenant_id: string;
    seq: Generated<string>;
    at: string;
    by: string;
    action: string;
    subject: string;
    before: string;
    after: string;
  };
  reliability_report: ConnectionScoped & { as_of: string; body: string; at: string };
  frozen_forecast: ConnectionScoped & {
    seq: Generated<string>;
    manager_id: string;
    period_key: string;
    snapshot_id: string;
    amount_minor: string;
    currency: string;
    body: string;
    at: string;
  };
  schema_migration: { number: number };
}

export type SettingKind = 'managers' | 'targets' | 'rates' | 'company';

interface ConnectionScoped {
  tenant_id: string;
  connection_id: string;
}

interface SnapshotScoped {
  tenant_id: string;
  snapshot_id: string;
}
