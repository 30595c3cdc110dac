-- The mail address that signed in: it chooses among the organisations it belongs to, whatever
-- becomes of the address of the person. Sessions of before have none, and choose nothing.
ALTER TABLE session ADD COLUMN email text NOT NULL DEFAULT '';
