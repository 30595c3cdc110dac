/* Use cases of payment methods. Each is one transaction; inside another it is a savepoint. */
#pragma once

#include "base/context.h"
#include "payment/payment.h"

/* A method to add, as asked for. NULL where nothing was said. */
struct method_request {
    const char *account;
    enum method_kind kind;
    const char *number;  /* card: a test number of the sandbox … */
    const char *test;    /* … or the name of one ("success") */
    const char *label;   /* NULL: of the card, or "Transfer" */
    const char *country; /* of issue; NULL: the account's */
};

/* Adds a method to a billing account of cx->customer; the first one of an account becomes its
 * default. Only test customers get the sandbox. The number is turned into a token here; it is
 * neither stored nor logged, and no fault repeats it. Errors: ERR_INVALID (/number, /test) for
 * anything but the test numbers; ERR_PAYMENT_METHOD_COUNTRY for a card of another country than
 * the account's (rules §7); ERR_NOT_SUPPORTED_YET for direct debits, and for cards of live
 * customers; ERR_NOT_FOUND for the account. */
enum err method_create(struct context *cx, const struct method_request *request,
                       struct payment_method *ret_method);
