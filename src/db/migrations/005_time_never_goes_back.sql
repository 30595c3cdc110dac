-- The latest instant that a customer has seen: its time never goes back (rules §0).
ALTER TABLE organization ADD COLUMN now_at bigint;
