-- People who sign in. A login belongs to a mail address: who has it in several organisations
-- has one password. Only digests of secrets are kept. Times are those of the clock on the wall.

ALTER TABLE person ADD COLUMN view text NOT NULL DEFAULT 'simplified';
ALTER TABLE person ADD COLUMN theme text NOT NULL DEFAULT 'auto';
CREATE INDEX person_login ON person (email);

CREATE TABLE login (
    email text PRIMARY KEY,
    hash text NOT NULL,
    changed_at bigint NOT NULL
);

CREATE TABLE session (
    hash text PRIMARY KEY,
    customer text NOT NULL,
    person text NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    ended_at bigint
);
CREATE INDEX session_seen ON session (seen_at);

-- What was typed into a form whose session had ended, for the same person after signing in.
CREATE TABLE kept_form (
    hash text PRIMARY KEY,
    customer text NOT NULL,
    person text NOT NULL,
    address text NOT NULL,
    body text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX kept_form_age ON kept_form (created_at);

-- Failed attempts to sign in, by the digest of name and network address.
CREATE TABLE sign_in_failure (
    scope text PRIMARY KEY,
    count bigint NOT NULL,
    since_at bigint NOT NULL
);
CREATE INDEX sign_in_failure_age ON sign_in_failure (since_at);
