-- What was verified of each open deal, week by week, without opening every line: the odds are measured on it. Snapshots that are there already
-- get it too. The bodies are cut with patterns, because a JSON operator refuses a whole body for one NUL in a deal's name; a quote
-- inside a text is escaped there, so no text can look like these keys.
alter table jalon.forecast_line
  add column verified text collate "C" generated always as (substring(body from '"verified":"([^"\\]+)"')) stored,
  add column verified_since text collate "C" generated always as (substring(body from '"verifiedSince":\{"\$date":"([^"]+)"\}')) stored;

alter table jalon.snapshot
  add column model_version integer generated always as (substring(body from '"version":([0-9]+)')::integer) stored;
