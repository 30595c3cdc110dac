-- Work that falls due is claimed before it is done, and the attempt counted with the claim, so that
-- any number of nodes may run and one item that fails stops nobody else (rules §4, The engine). A
-- claim is a node's until due_claimed_until, by the clock on the wall; then its node has died. What
-- failed three times is parked: due_error and due_subject say why, parked_at since when somebody
-- was told.
ALTER TABLE organization ADD COLUMN due_claim text;
ALTER TABLE organization ADD COLUMN due_claimed_until bigint;
ALTER TABLE organization ADD COLUMN due_error text;
ALTER TABLE organization ADD COLUMN due_subject text;
ALTER TABLE organization ADD COLUMN parked_at bigint;
CREATE INDEX organization_parked ON organization (id) WHERE due_failures >= 3;
