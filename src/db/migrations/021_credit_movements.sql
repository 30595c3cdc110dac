-- What moved the credit balance of a billing account, for its page.
CREATE INDEX posting_credit ON posting (customer, account, entry)
    WHERE ledger_account = 'credit_balance';
