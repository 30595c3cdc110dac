-- What is known of a billing account's VAT number (rules §6, Tax): the last answer that decided
-- anything ("unknown": none did), from which day, and what proves it. vat_check_at: when it is
-- asked for next, by the clock on the wall; NULL: not at all.
ALTER TABLE account ADD COLUMN vat_state text NOT NULL DEFAULT 'unknown';
ALTER TABLE account ADD COLUMN vat_state_on text;
ALTER TABLE account ADD COLUMN vat_proof text;
ALTER TABLE account ADD COLUMN vat_check_at bigint;
ALTER TABLE account ADD COLUMN vat_attempts bigint NOT NULL DEFAULT 0;
UPDATE account SET vat_check_at = 0 WHERE substr(vat_id, 1, 2) = CASE country WHEN 'GR' THEN 'EL'
    WHEN 'MC' THEN 'FR' ELSE country END AND country IN ('AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK',
    'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MC', 'MT', 'NL', 'PL',
    'PT', 'RO', 'SE', 'SI', 'SK');
CREATE INDEX account_vat_check ON account (vat_check_at) WHERE vat_check_at IS NOT NULL;

-- Every answer, as it came.
CREATE TABLE vat_check (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    vat_id text NOT NULL,
    answer text NOT NULL,
    reason text,
    proof text,
    trader text,
    provider text NOT NULL,
    answered_on text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX vat_check_account ON vat_check (customer, account, id);

-- Whom a document was issued to, kept when the account changes before it is numbered.
ALTER TABLE document ADD COLUMN sold_to text;
