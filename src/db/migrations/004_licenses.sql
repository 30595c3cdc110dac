-- Licences (rules §5): who holds one of which subscription. `holder` is a person of the customer
-- (usr_…) or a name of the customer's own. How many are assigned of a subscription stands beside
-- its quantity, so that what compares the two reads no more than its row.

CREATE TABLE license (
    id text PRIMARY KEY,
    customer text NOT NULL,
    subscription text NOT NULL,
    holder text NOT NULL,
    assigned_at bigint NOT NULL
);
CREATE UNIQUE INDEX license_holder ON license (customer, holder, subscription);
CREATE INDEX license_subscription ON license (customer, subscription, id);

ALTER TABLE subscription ADD COLUMN assigned bigint NOT NULL DEFAULT 0;
-- More assigned than owned since that day; NULL: not.
ALTER TABLE subscription ADD COLUMN conflict_on text;
