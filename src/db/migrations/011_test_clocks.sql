-- Test clocks (rules §0): the time of the test organisations made on them. target_at: where an
-- advance under way leads; each organisation's clock_at says how far it is.
CREATE TABLE test_clock (
    id text PRIMARY KEY,
    name text NOT NULL,
    now_at bigint NOT NULL,
    target_at bigint,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
ALTER TABLE organization ADD COLUMN clock text;
CREATE INDEX organization_clock ON organization (clock, id) WHERE clock IS NOT NULL;
-- A review ends by its customer's time, and is forgotten by the clock on the wall.
ALTER TABLE quote ADD COLUMN forget_at bigint;
CREATE INDEX quote_forget ON quote (forget_at);
UPDATE quote SET forget_at = expires_at + 86400000;
