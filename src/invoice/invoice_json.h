/* Documents as the API shows them: credit notes carry positive amounts. Pure. */
#pragma once

#include "base/json.h"
#include "invoice/invoice.h"

/* Lines and taxes are written when the document was loaded with them. */
void document_encode(struct json_writer *w, const struct document *document, struct arena *arena);
