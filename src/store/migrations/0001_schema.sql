-- Roles. Both are NOLOGIN: a transaction becomes one of them with SET LOCAL ROLE, so that row-level security holds
-- even when the login user is the owner. Roles belong to the whole server: another database may have made them.
do $$
declare wanted text;
begin
  foreach wanted in array array['jalon_app', 'jalon_system'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    if not pg_has_role(current_user, wanted, 'member') then
      execute format('grant %I to %I', wanted, current_user);
    end if;
  end loop;
end $$;

grant usage on schema jalon to jalon_app, jalon_system;
grant select on jalon.schema_migration to jalon_system;

-- Raised by the triggers of append-only tables, for everybody, the owner included.
create function jalon.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

create table jalon.tenant (
  id text collate "C" primary key check (id <> ''),
  name text not null,
  created_at timestamptz not null default now()
);

create table jalon.connection (
  tenant_id text collate "C" not null references jalon.tenant,
  id text collate "C" not null,
  crm text not null check (crm in ('hubspot', 'pipedrive')),
  external_account_id text not null,
  label text not null,
  state text not null check (state in ('active', 'reconnect_needed', 'paused')),
  last_pulled_at timestamptz,
  primary key (tenant_id, id)
);

-- Pipelines, owners, teams and rates of the account as last read: canonical JSON, small, read whole.
create table jalon.directory (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  body text not null,
  read_at timestamptz not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references jalon.connection
);

create table jalon.pull_cursor (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  cursor text not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references jalon.connection
);

-- `content_key` digests the whole deal with its histories: equal keys mean that nothing changed.
-- `gone` says why the deal is hidden; 'unseen' = a pull of everything did not meet it. `seen_pull` = the last pull that met it.
create table jalon.deal (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  name text not null,
  pipeline_id text not null,
  stage_id text not null,
  amount_kind text not null check (amount_kind in ('money', 'missing', 'unusable')),
  amount_minor numeric(38, 0),
  currency text,
  amount_text text,
  amount_problem text,
  close_date date,
  owner_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  properties jsonb not null,
  company_ids text[] not null,
  contact_ids text[] not null,
  flags text[] not null,
  content_key text not null,
  seen_pull text not null,
  gone text check (gone in ('archived', 'deleted', 'merged', 'unseen')),
  gone_at timestamptz,
  merged_into text,
  primary key (tenant_id, connection_id, deal_id),
  check ((amount_kind = 'money') = (amount_minor is not null and currency is not null))
);

create table jalon.stage_entry (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  position integer not null,
  stage_id text not null,
  entered_at timestamptz not null,
  primary key (tenant_id, connection_id, deal_id, position)
);

create table jalon.close_date_change (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  position integer not null,
  close_date date,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id, deal_id, position)
);

-- Kept apart from the deal: it may arrive before the deal does, and must outlive an older version of it.
create table jalon.deal_tombstone (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  reason text not null check (reason in ('archived', 'deleted', 'merged')),
  merged_into text,
  at timestamptz not null,
  primary key (tenant_id, connection_id, deal_id)
);

create table jalon.company (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  company_id text collate "C" not null,
  name text not null,
  updated_at timestamptz not null,
  primary key (tenant_id, connection_id, company_id)
);

create table jalon.contact (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  contact_id text collate "C" not null,
  name text not null,
  buying_role text,
  updated_at timestamptz not null,
  primary key (tenant_id, connection_id, contact_id)
);

create table jalon.activity (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  activity_id text collate "C" not null,
  kind text not null check (kind in ('call', 'email', 'meeting', 'note', 'task')),
  at timestamptz not null,
  owner_id text,
  with_customer boolean not null,
  title text not null,
  deal_ids text[] not null,
  updated_at timestamptz not null,
  primary key (tenant_id, connection_id, activity_id)
);

create table jalon.confirmation (
  tenant_id text collate "C" not null,
  seq bigint generated always as identity,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  milestone text not null,
  confirmed_on date not null,
  customer_person text not null,
  link text not null,
  verdict text not null check (verdict in ('confirmed', 'refused')),
  confirmed_by text not null,
  at timestamptz not null,
  primary key (tenant_id, seq),
  foreign key (tenant_id, connection_id) references jalon.connection
);

create table jalon.rejection (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  object text not null,
  external_id text collate "C" not null,
  code text not null,
  field text not null,
  pull_id text not null,
  primary key (tenant_id, connection_id, object, external_id, code, field)
);

create table jalon.model_version (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  version integer not null,
  body text not null,
  saved_by text not null,
  reason text not null,
  at timestamptz not null,
  primary key (tenant_id, connection_id, version),
  foreign key (tenant_id, connection_id) references jalon.connection
);

-- Managers, targets, rates and company settings: each save is a new version of the whole list.
create table jalon.setting_version (
  tenant_id text collate "C" not null references jalon.tenant,
  kind text not null check (kind in ('managers', 'targets', 'rates', 'company')),
  version integer not null,
  body text not null,
  at timestamptz not null default now(),
  primary key (tenant_id, kind, version)
);

create table jalon.snapshot (
  tenant_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  as_of date not null,
  body text not null,
  primary key (tenant_id, id),
  unique (tenant_id, connection_id, as_of),
  foreign key (tenant_id, connection_id) references jalon.connection
);

-- Deals as frozen, by the digest of their canonical JSON: most deals are the same every Monday and are kept once.
create table jalon.deal_content (
  tenant_id text collate "C" not null,
  content_key text collate "C" not null,
  body text not null,
  primary key (tenant_id, content_key)
);

create table jalon.snapshot_deal (
  tenant_id text collate "C" not null,
  snapshot_id text collate "C" not null,
  deal_id text collate "C" not null,
  content_key text collate "C" not null,
  primary key (tenant_id, snapshot_id, deal_id)
);

-- One row says that lines and summaries of the snapshot are complete: they are saved in one transaction with it.
create table jalon.forecast (
  tenant_id text collate "C" not null,
  snapshot_id text collate "C" not null,
  primary key (tenant_id, snapshot_id),
  foreign key (tenant_id, snapshot_id) references jalon.snapshot
);

create table jalon.forecast_summary (
  tenant_id text collate "C" not null,
  snapshot_id text collate "C" not null,
  position integer not null,
  body text not null,
  primary key (tenant_id, snapshot_id, position)
);

create table jalon.forecast_line (
  tenant_id text collate "C" not null,
  snapshot_id text collate "C" not null,
  deal_id text collate "C" not null,
  is_open boolean not null,
  net_minor numeric(38, 0) not null,
  body text not null,
  primary key (tenant_id, snapshot_id, deal_id)
);
create index forecast_line_by_net on jalon.forecast_line (tenant_id, snapshot_id, is_open desc, net_minor desc, deal_id);

-- Own properties as the CRM acknowledged them.
create table jalon.acknowledged_value (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  key text not null,
  value text not null,
  at timestamptz not null,
  primary key (tenant_id, connection_id, deal_id, key)
);

-- Writes on their way: begun, end not known.
create table jalon.write_begun (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  currency text,
  property_values jsonb not null,
  at timestamptz not null,
  primary key (tenant_id, connection_id, deal_id),
  foreign key (tenant_id, connection_id) references jalon.connection
);

create table jalon.receipt (
  tenant_id text collate "C" not null,
  seq bigint generated always as identity,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  kind text not null,
  code text,
  message text,
  modified_at timestamptz,
  value_count integer not null,
  at timestamptz not null,
  primary key (tenant_id, seq)
);
create index receipt_by_deal on jalon.receipt (tenant_id, connection_id, deal_id, seq desc);
create index receipt_by_modified on jalon.receipt (tenant_id, connection_id, modified_at);

create table jalon.digest (
  tenant_id text collate "C" not null,
  id text collate "C" not null default gen_random_uuid()::text,
  connection_id text collate "C" not null,
  manager_id text collate "C" not null,
  iso_week text not null,
  snapshot_id text collate "C" not null,
  planned_at timestamptz not null,
  state text not null check (state in ('planned', 'claimed', 'handing_over', 'sent', 'uncertain', 'failed', 'skipped')),
  reason text,
  fence integer not null default 0,
  lease_until timestamptz,
  sent_at timestamptz,
  late boolean not null,
  primary key (tenant_id, id),
  unique (tenant_id, manager_id, iso_week),
  foreign key (tenant_id, connection_id) references jalon.connection
);

create table jalon.effect (
  tenant_id text collate "C" not null references jalon.tenant,
  id text collate "C" not null default gen_random_uuid()::text,
  kind text not null,
  key text not null,
  payload jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'claimed', 'done', 'parked')),
  due_at timestamptz not null,
  lease_until timestamptz,
  attempts integer not null default 0,
  fence integer not null default 0,
  last_error text,
  primary key (tenant_id, id),
  unique (tenant_id, kind, key)
);
create index effect_due on jalon.effect ((coalesce(lease_until, due_at))) where state in ('pending', 'claimed');

create table jalon.webhook_inbox (
  tenant_id text collate "C" not null,
  seq bigint generated always as identity,
  connection_id text collate "C" not null,
  dedupe_key text not null,
  received_at timestamptz not null,
  raw text not null,
  done boolean not null default false,
  primary key (tenant_id, seq),
  unique (tenant_id, connection_id, dedupe_key),
  foreign key (tenant_id, connection_id) references jalon.connection
);
create index webhook_inbox_waiting on jalon.webhook_inbox (tenant_id, connection_id, seq) where not done;

create table jalon.audit (
  tenant_id text collate "C" not null references jalon.tenant,
  seq bigint generated always as identity,
  at timestamptz not null,
  by text not null,
  action text not null,
  subject text not null,
  before text not null,
  after text not null,
  primary key (tenant_id, seq)
);

-- Row-level security on every tenant table. FORCE binds the owner too. Without a tenant the setting is null or '', and no row matches.
do $$
declare
  guarded record;
  app_rights text;
begin
  for guarded in
    select c.relname as name from pg_class c
    where c.relnamespace = 'jalon'::regnamespace and c.relkind = 'r' and c.relname not in ('schema_migration', 'tenant')
  loop
    execute format('alter table jalon.%I enable row level security', guarded.name);
    execute format('alter table jalon.%I force row level security', guarded.name);
    execute format(
      'create policy own_rows on jalon.%I using (tenant_id = current_setting(''jalon.tenant'', true)) '
      'with check (tenant_id = current_setting(''jalon.tenant'', true))', guarded.name);
    app_rights := 'select, insert, update, delete';
    if guarded.name in ('confirmation', 'model_version', 'setting_version', 'snapshot', 'deal_content', 'snapshot_deal',
                        'forecast', 'forecast_summary', 'forecast_line', 'receipt', 'audit') then
      app_rights := 'select, insert';
      execute format(
        'create trigger append_only before update or delete or truncate on jalon.%I '
        'for each statement execute function jalon.refuse_change()', guarded.name);
    end if;
    execute format('grant %s on jalon.%I to jalon_app', app_rights, guarded.name);
  end loop;
end $$;

alter table jalon.tenant enable row level security;
alter table jalon.tenant force row level security;
create policy own_rows on jalon.tenant for select using (id = current_setting('jalon.tenant', true));
grant select on jalon.tenant to jalon_app;

-- What may cross tenants, all of it: who exists, and what is due. By name and not by membership: the login is a member of both roles.
create policy every_tenant on jalon.tenant using (current_user = 'jalon_system') with check (current_user = 'jalon_system');
grant select, insert on jalon.tenant to jalon_system;
create policy every_effect on jalon.effect for select using (current_user = 'jalon_system');
grant select on jalon.effect to jalon_system;
