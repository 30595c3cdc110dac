-- The seller's staff lists requests of all customers, by state.
CREATE INDEX support_request_state ON support_request (state, id);
