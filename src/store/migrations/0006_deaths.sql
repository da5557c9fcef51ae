-- How many processes ended, without a word, while they held this piece of work: counted when the next one takes it over.
alter table jalon.effect add column deaths integer not null default 0;
