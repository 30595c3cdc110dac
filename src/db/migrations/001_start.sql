-- The start: one table per noun. Types are text and bigint only, so that one text serves both
-- databases. Days are text "2026-01-13", instants milliseconds since 1970 UTC, amounts minor
-- units, unit prices and rates millionths. Every table of a customer names it first in its key
-- or in an index, so that a store can be divided by customer.

CREATE TABLE setting (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- What the seller publishes (rules §1). A version never changes.
CREATE TABLE catalog_version (
    number bigint PRIMARY KEY,
    version text NOT NULL UNIQUE,
    hash text NOT NULL,
    body text NOT NULL,
    published_on text NOT NULL,
    published_at bigint NOT NULL
);

-- Customers (rules §0, §8). clock_at: the time of a test clock; due_at: when the engine next has
-- something to do; event_seq: the number of the last event.
CREATE TABLE organization (
    id text PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    live bigint NOT NULL,
    clock_at bigint,
    due_at bigint,
    due_failures bigint NOT NULL DEFAULT 0,
    event_seq bigint NOT NULL DEFAULT 0,
    metadata text,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX organization_due ON organization (due_at) WHERE due_at IS NOT NULL;

-- People of customers and of the seller (customer = '').
CREATE TABLE person (
    id text PRIMARY KEY,
    customer text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    created_at bigint NOT NULL
);
CREATE UNIQUE INDEX person_email ON person (customer, email);

CREATE TABLE role_grant (
    customer text NOT NULL,
    person text NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (customer, person, role)
);

-- Keys of the API: only a digest is kept. customer = '' for keys of the seller.
CREATE TABLE api_key (
    id text PRIMARY KEY,
    hash text NOT NULL UNIQUE,
    customer text NOT NULL,
    person text NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    live bigint NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);

-- Billing accounts: who pays.
CREATE TABLE account (
    id text PRIMARY KEY,
    customer text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    country text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    vat_id text,
    taxed bigint NOT NULL,
    line1 text NOT NULL DEFAULT '',
    line2 text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    default_method text,
    credit_minor bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX account_customer ON account (customer, id);

CREATE TABLE payment_method (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    kind text NOT NULL,
    provider text NOT NULL,
    token text NOT NULL,
    label text NOT NULL,
    country text NOT NULL,
    removed bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX payment_method_customer ON payment_method (customer, id);

-- What a customer holds (rules §3, §4). A traditional add-on has a parent.
CREATE TABLE subscription (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    parent text,
    order_id text NOT NULL,
    name text NOT NULL,
    offer text NOT NULL,
    catalog bigint NOT NULL,
    status text NOT NULL,
    past_due_at bigint,
    quantity bigint NOT NULL,
    term text NOT NULL,
    billing text NOT NULL,
    currency text NOT NULL,
    payment_method text,
    anchor_on text NOT NULL,
    start_on text NOT NULL,
    period_start text NOT NULL,
    period_end text NOT NULL,
    term_start text NOT NULL,
    term_end text NOT NULL,
    trial_end text,
    recurring_billing bigint NOT NULL,
    requirement_lost bigint NOT NULL DEFAULT 0,
    ended_by text NOT NULL DEFAULT 'not',
    status_on text NOT NULL,
    activated_at bigint,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX subscription_customer ON subscription (customer, id);
CREATE INDEX subscription_held ON subscription (customer, id) WHERE status <> 'deleted';

CREATE TABLE subscription_change (
    customer text NOT NULL,
    subscription text NOT NULL,
    position bigint NOT NULL,
    status text NOT NULL,
    changed_on text NOT NULL,
    changed_at bigint NOT NULL,
    cause text NOT NULL,
    PRIMARY KEY (customer, subscription, position)
);

-- Licences added to a subscription of an agreement account: what of each batch can still be taken
-- back within its window (rules §4, Licences).
CREATE TABLE subscription_batch (
    customer text NOT NULL,
    subscription text NOT NULL,
    added_at bigint NOT NULL,
    left_count bigint NOT NULL,
    PRIMARY KEY (customer, subscription, added_at)
);

-- Orders and reviews (rules §7).
CREATE TABLE cart (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    lines text NOT NULL,
    state text NOT NULL,
    order_id text,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX cart_customer ON cart (customer, id);

-- A stored review: the command and its result, single use, 15 minutes and the same day.
CREATE TABLE quote (
    token text PRIMARY KEY,
    customer text NOT NULL,
    subject text NOT NULL,
    command text NOT NULL,
    result text NOT NULL,
    quoted_on text NOT NULL,
    expires_at bigint NOT NULL,
    used_by text
);
CREATE INDEX quote_expiry ON quote (expires_at);

CREATE TABLE orders (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    placed_on text NOT NULL,
    placed_at bigint NOT NULL,
    expires_at bigint,
    payment_method text,
    purchase_order text,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    credit_held_minor bigint NOT NULL DEFAULT 0,
    document text,
    payment text,
    failure text,
    actor text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at bigint NOT NULL
);
CREATE INDEX orders_customer ON orders (customer, id);
CREATE INDEX orders_pending ON orders (customer, id)
    WHERE state IN ('processing', 'action_required');

CREATE TABLE order_line (
    customer text NOT NULL,
    order_id text NOT NULL,
    position bigint NOT NULL,
    offer text NOT NULL,
    catalog bigint NOT NULL,
    quantity bigint NOT NULL,
    term text NOT NULL,
    billing text NOT NULL,
    subscription text NOT NULL,
    parent text,
    start_on text NOT NULL,
    trial bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (customer, order_id, position)
);

-- Documents (rules §6). Final once numbered: `frozen` holds names, addresses and identifiers as
-- they were, `hash` covers all that never changes. Collecting goes on in the last columns.
CREATE TABLE document (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    order_id text,
    payment_method text,
    type text NOT NULL,
    state text NOT NULL,
    issued_on text NOT NULL,
    issued_at bigint NOT NULL,
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    due_on text,
    purchase_order text,
    series text NOT NULL,
    year bigint NOT NULL,
    number bigint,
    frozen text,
    hash text,
    unpaid_minor bigint NOT NULL,
    credit_used_minor bigint NOT NULL DEFAULT 0,
    paid_on text,
    first_failed_at bigint,
    retries bigint NOT NULL DEFAULT 0,
    next_attempt_at bigint,
    given_up bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX document_customer ON document (customer, id);
CREATE INDEX document_open ON document (customer)
    WHERE unpaid_minor > 0 OR state = 'planned';
CREATE INDEX document_unnumbered ON document (issued_at, id)
    WHERE number IS NULL AND state = 'issued' AND type <> 'record';
CREATE UNIQUE INDEX document_number ON document (series, type, year, number)
    WHERE number IS NOT NULL;

CREATE TABLE document_line (
    id text PRIMARY KEY,
    customer text NOT NULL,
    document text NOT NULL,
    position bigint NOT NULL,
    subscription text NOT NULL,
    offer text NOT NULL,
    catalog bigint NOT NULL,
    reason text NOT NULL,
    from_on text NOT NULL,
    to_on text NOT NULL,
    quantity bigint NOT NULL,
    unit_micros bigint NOT NULL,
    step bigint NOT NULL,
    days bigint NOT NULL,
    of_days bigint NOT NULL,
    amount_minor bigint NOT NULL,
    left_minor bigint NOT NULL,
    tax_treatment text NOT NULL,
    tax_category text NOT NULL,
    tax_percent_micros bigint NOT NULL,
    undoes text,
    in_force bigint NOT NULL
);
CREATE INDEX document_line_document ON document_line (customer, document, position);
CREATE INDEX document_line_in_force ON document_line (customer) WHERE in_force = 1;

CREATE TABLE document_tax (
    customer text NOT NULL,
    document text NOT NULL,
    position bigint NOT NULL,
    treatment text NOT NULL,
    category text NOT NULL,
    percent_micros bigint NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    left_minor bigint NOT NULL,
    PRIMARY KEY (customer, document, position)
);

-- The last number given in a series, kind of document and year. Locked only by the numbering step.
CREATE TABLE number_series (
    series text NOT NULL,
    type text NOT NULL,
    year bigint NOT NULL,
    last_number bigint NOT NULL,
    PRIMARY KEY (series, type, year)
);

-- Charges and refunds (rules §7).
CREATE TABLE payment (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    order_id text,
    document text,
    method text NOT NULL,
    provider text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL DEFAULT 0,
    state text NOT NULL,
    attempt bigint NOT NULL,
    provider_ref text,
    failure text,
    action_url text,
    created_at bigint NOT NULL,
    settled_at bigint
);
CREATE INDEX payment_customer ON payment (customer, id);
CREATE INDEX payment_open ON payment (customer, id)
    WHERE state IN ('requested', 'pending', 'action_required', 'unknown');

CREATE TABLE refund (
    id text PRIMARY KEY,
    customer text NOT NULL,
    account text NOT NULL,
    payment text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    state text NOT NULL,
    cause text NOT NULL,
    refunded_on text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX refund_customer ON refund (customer, id);
CREATE INDEX refund_open ON refund (customer) WHERE state = 'requested';

-- What the sandbox provider was asked and answered: its own memory, as a provider has one.
CREATE TABLE sandbox_charge (
    idempotency_key text PRIMARY KEY,
    token text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    outcome text NOT NULL,
    asked bigint NOT NULL DEFAULT 1
);

-- Double entry (rules §6): the postings of an entry sum to zero in each currency.
CREATE TABLE posting (
    customer text NOT NULL,
    entry text NOT NULL,
    position bigint NOT NULL,
    account text NOT NULL,
    kind text NOT NULL,
    cause text NOT NULL,
    posted_on text NOT NULL,
    ledger_account text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    PRIMARY KEY (customer, entry, position)
);

-- The outbox: what happened, numbered without gaps per organisation.
CREATE TABLE event (
    customer text NOT NULL,
    seq bigint NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    data text NOT NULL,
    previous text,
    actor text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (customer, seq)
);

CREATE TABLE support_request (
    id text PRIMARY KEY,
    customer text NOT NULL,
    subscription text,
    kind text NOT NULL,
    state text NOT NULL,
    message text NOT NULL,
    answer text,
    opened_by text NOT NULL,
    resolved_by text,
    created_at bigint NOT NULL,
    resolved_at bigint,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX support_request_customer ON support_request (customer, id);

-- The first answer to a request with an Idempotency-Key (api, Manners).
CREATE TABLE idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    state text NOT NULL,
    status bigint,
    content_type text,
    headers text,
    body text,
    created_at bigint NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
