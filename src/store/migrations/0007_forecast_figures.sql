-- Of each line of a forecast what totals are made of, some thousand lines to a row: a page of 50,000 deals reads these and the fifty lines
-- it shows. Snapshots made before have none and are read from their lines.
create table jalon.forecast_figures (
  tenant_id text collate "C" not null,
  snapshot_id text collate "C" not null,
  position integer not null,
  body text not null,
  primary key (tenant_id, snapshot_id, position),
  foreign key (tenant_id, snapshot_id) references jalon.snapshot
);

alter table jalon.forecast_figures enable row level security;
alter table jalon.forecast_figures force row level security;
create policy own_rows on jalon.forecast_figures using (tenant_id = current_setting('jalon.tenant', true))
  with check (tenant_id = current_setting('jalon.tenant', true));
create trigger append_only before update or delete or truncate on jalon.forecast_figures
  for each statement execute function jalon.refuse_change();
grant select, insert on jalon.forecast_figures to jalon_app;
