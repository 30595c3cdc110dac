/* A service over HTTP that speaks as VIES does. */
#pragma once

#include "tax/vat_check.h"

/* Asks, within VAT_ASK_MS, without following anybody elsewhere. An address of this machine or of a
 * private network is never reached, whatever name leads there; with `is_local` it must be one of
 * this machine. */
struct vat_reply vat_http_ask(struct context *cx, const char *address, bool is_local,
                              const struct vat_question *question);
