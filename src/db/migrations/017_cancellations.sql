-- Why a subscription was cancelled, in the customer's words (screens, Cancel pane).
CREATE TABLE cancellation (
    customer text NOT NULL,
    subscription text NOT NULL,
    position bigint NOT NULL,
    at_end bigint NOT NULL,
    reason text,
    feedback text,
    asked_by text NOT NULL,
    asked_on text NOT NULL,
    asked_at bigint NOT NULL,
    PRIMARY KEY (customer, subscription, position)
);
