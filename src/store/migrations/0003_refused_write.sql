-- Values that the CRM refused, until a deal is written again: asking it the same every day changes nothing.
create table jalon.refused_write (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  property_values jsonb not null,
  code text not null,
  at timestamptz not null,
  primary key (tenant_id, connection_id, deal_id),
  foreign key (tenant_id, connection_id) references jalon.connection
);

alter table jalon.refused_write enable row level security;
alter table jalon.refused_write force row level security;
create policy own_rows on jalon.refused_write using (tenant_id = current_setting('jalon.tenant', true))
  with check (tenant_id = current_setting('jalon.tenant', true));
grant select, insert, update, delete on jalon.refused_write to jalon_app;
