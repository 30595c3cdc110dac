-- Documents that were sent, by their day: the list of bills goes through it page by page. And the
-- credits that undo a line, for the page of the document it stands on.
CREATE INDEX document_sent ON document (customer, issued_on, issued_at, id)
    WHERE state = 'issued' AND type <> 'record';
CREATE INDEX document_line_undoes ON document_line (customer, undoes) WHERE undoes IS NOT NULL;
