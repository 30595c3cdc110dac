-- What the term that a renewal begins ends with (rules §4, Coterminous).
ALTER TABLE scheduled_change ADD COLUMN ends_with text;
