-- What is unpaid and bills nothing any more but what is deleted is listed for write-off (rules §4).
-- Written off it is no longer unpaid, and not paid either.
ALTER TABLE document ADD COLUMN listed_at bigint;
ALTER TABLE document ADD COLUMN written_off_minor bigint NOT NULL DEFAULT 0;
UPDATE document SET listed_at = (SELECT MAX(e.created_at) FROM event e
    WHERE e.customer = document.customer AND e.type = 'invoice.write_off_listed'
    AND e.subject = document.id) WHERE unpaid_minor > 0;
CREATE INDEX document_listed ON document (id) WHERE listed_at IS NOT NULL AND unpaid_minor > 0;
