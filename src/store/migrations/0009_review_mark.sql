-- What a review made of a deal is more than words: passed without any, or a proof confirmed or refused. The words of a note stay its own.
alter table jalon.review_note add column mark text not null default 'note'
  check (mark in ('note', 'passed', 'confirmed', 'refused'));
alter table jalon.review_note drop constraint review_note_text_check;
alter table jalon.review_note add constraint review_note_text_check check ((mark = 'note') = (text <> ''));
