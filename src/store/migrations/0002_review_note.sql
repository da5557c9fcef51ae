-- What was said and promised in a weekly review, per deal and ISO week. Append-only, like everything that people said.
create table jalon.review_note (
  tenant_id text collate "C" not null,
  seq bigint generated always as identity,
  connection_id text collate "C" not null,
  deal_id text collate "C" not null,
  iso_week text collate "C" not null,
  text text not null check (text <> ''),
  written_by text not null,
  at timestamptz not null,
  primary key (tenant_id, seq),
  foreign key (tenant_id, connection_id) references jalon.connection
);
create index review_note_by_deal on jalon.review_note (tenant_id, connection_id, deal_id, seq desc);

alter table jalon.review_note enable row level security;
alter table jalon.review_note force row level security;
create policy own_rows on jalon.review_note using (tenant_id = current_setting('jalon.tenant', true))
  with check (tenant_id = current_setting('jalon.tenant', true));
create trigger append_only before update or delete or truncate on jalon.review_note
  for each statement execute function jalon.refuse_change();
grant select, insert on jalon.review_note to jalon_app;
