-- The price of a later catalogue version, as it was announced (rules §1); next_catalog 0: none.
ALTER TABLE subscription ADD COLUMN next_catalog bigint NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN next_price_on text;
ALTER TABLE subscription ADD COLUMN next_price_minor bigint NOT NULL DEFAULT 0;

-- What was published before is announced as soon as the engine looks at the customer.
UPDATE organization SET due_at = 0 WHERE due_at > 0;
