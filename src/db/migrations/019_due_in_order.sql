-- Customers are claimed in the order of due_at, id: thousands renew at one instant, and an index
-- without the id made each claim sort them all.
DROP INDEX organization_due;
CREATE INDEX organization_due ON organization (due_at, id) WHERE due_at IS NOT NULL;
