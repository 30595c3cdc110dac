-- Exemption certificates of billing accounts (rules §6, Tax). valid_until is the last day;
-- categories are separated by spaces, NULL: all. A certificate is revoked, never erased: documents
-- name it by its number. account.exemptions counts those that an account ever had.
CREATE TABLE tax_exemption (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    number text NOT NULL,
    reason text NOT NULL,
    categories text,
    valid_from text NOT NULL,
    valid_until text,
    recorded_on text NOT NULL,
    revoked_on text,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX tax_exemption_account ON tax_exemption (customer, account, id);
ALTER TABLE account ADD COLUMN exemptions bigint NOT NULL DEFAULT 0;
-- What the treatment of a line rests on: the number of the certificate.
ALTER TABLE document_line ADD COLUMN tax_proof text;
