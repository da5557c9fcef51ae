-- What the reliability page tells, as computed on a day: canonical JSON, read whole.
create table jalon.reliability_report (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  as_of date not null,
  body text not null,
  at timestamptz not null,
  primary key (tenant_id, connection_id, as_of),
  foreign key (tenant_id, connection_id) references jalon.connection
);

-- A manager's own forecast of a period beside the computed one of a snapshot, with the reason of every difference.
create table jalon.frozen_forecast (
  tenant_id text collate "C" not null,
  seq bigint generated always as identity,
  connection_id text collate "C" not null,
  manager_id text collate "C" not null,
  period_key text collate "C" not null,
  snapshot_id text collate "C" not null,
  amount_minor numeric(38, 0) not null,
  currency text not null,
  body text not null,
  at timestamptz not null,
  primary key (tenant_id, seq),
  unique (tenant_id, connection_id, manager_id, period_key, snapshot_id),
  foreign key (tenant_id, snapshot_id) references jalon.snapshot
);

do $$
declare guarded text;
begin
  foreach guarded in array array['reliability_report', 'frozen_forecast'] loop
    execute format('alter table jalon.%I enable row level security', guarded);
    execute format('alter table jalon.%I force row level security', guarded);
    execute format(
      'create policy own_rows on jalon.%I using (tenant_id = current_setting(''jalon.tenant'', true)) '
      'with check (tenant_id = current_setting(''jalon.tenant'', true))', guarded);
    execute format(
      'create trigger append_only before update or delete or truncate on jalon.%I '
      'for each statement execute function jalon.refuse_change()', guarded);
    execute format('grant select, insert on jalon.%I to jalon_app', guarded);
  end loop;
end $$;
