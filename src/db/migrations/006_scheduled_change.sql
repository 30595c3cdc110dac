-- Changes that wait for the renewal of their subscription (rules §4): one of each kind.
CREATE TABLE scheduled_change (
    id text PRIMARY KEY,
    customer text NOT NULL,
    subscription text NOT NULL,
    kind text NOT NULL,
    quantity bigint NOT NULL,
    offer text,
    term text,
    billing text,
    created_at bigint NOT NULL
);
CREATE UNIQUE INDEX scheduled_change_customer ON scheduled_change (customer, subscription, kind);
