-- Revenue by day in the ledger (rules §6): what the account's lines earned before earned_until is
-- posted (NULL: nothing yet); the engine posts more on earn_on (NULL: nothing is left to earn).
ALTER TABLE account ADD COLUMN earned_until text;
ALTER TABLE account ADD COLUMN earn_on text;
CREATE INDEX document_line_end ON document_line (customer, to_on);

-- What was billed before is earned month by month as soon as the engine looks at the customer:
-- 0 has it look at once.
UPDATE account SET earn_on = (SELECT substr(MIN(l.from_on), 1, 7) || '-01' FROM document_line l
    JOIN document d ON d.id = l.document WHERE d.account = account.id AND d.state = 'issued');
UPDATE organization SET due_at = 0
    WHERE id IN (SELECT customer FROM account WHERE earn_on IS NOT NULL);
