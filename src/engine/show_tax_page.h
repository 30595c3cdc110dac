/* How pages say what a document's tax rests on (docs/tax.md): the mentions of article 226. */
#pragma once

#include "html/view.h"
#include "invoice/invoice.h"

/* Adds the list `mention` with {text}: one for each treatment other than the seller's rate, and for
 * each certificate. `exemptions` are those of the account, for their reasons; NULL: none are at
 * hand, and their numbers alone are said. */
void show_mentions(struct context *cx, struct view *view, const struct document *document,
                   const struct tax_exemption_list *exemptions);
