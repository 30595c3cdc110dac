-- Of each person only the latest forms are kept: whoever holds a session that has ended could fill
-- the store with them.
CREATE INDEX kept_form_person ON kept_form (customer, person, created_at);
