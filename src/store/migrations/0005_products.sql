-- The catalogue, and what deals are made of. `body` is canonical JSON: these rows are read whole and calculated with in the core.
-- `seen_pull` = the last pull that met the row: one of everything that did not meet it tells that it is gone.
create table jalon.product (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  product_id text collate "C" not null,
  body text not null,
  updated_at timestamptz not null,
  seen_pull text not null,
  primary key (tenant_id, connection_id, product_id)
);

create table jalon.deal_product (
  tenant_id text collate "C" not null,
  connection_id text collate "C" not null,
  deal_product_id text collate "C" not null,
  deal_id text collate "C" not null,
  body text not null,
  updated_at timestamptz not null,
  seen_pull text not null,
  primary key (tenant_id, connection_id, deal_product_id)
);
create index deal_product_by_deal on jalon.deal_product (tenant_id, connection_id, deal_id);

do $$
declare guarded text;
begin
  foreach guarded in array array['product', 'deal_product'] loop
    execute format('alter table jalon.%I enable row level security', guarded);
    execute format('alter table jalon.%I force row level security', guarded);
    execute format(
      'create policy own_rows on jalon.%I using (tenant_id = current_setting(''jalon.tenant'', true)) '
      'with check (tenant_id = current_setting(''jalon.tenant'', true))', guarded);
    execute format('grant select, insert, update, delete on jalon.%I to jalon_app', guarded);
  end loop;
end $$;
