/* Rows of checks of VAT numbers, and which account's number is asked for next. */
#pragma once

#include "customer/customer.h"

/* A number whose turn it is. */
struct vat_turn {
    const char *customer;
    const char *account;
    const char *vat_id;
    int64_t attempts; /* without an answer, this one included */
};

/* Takes the number that has waited longest by cx->wall; it is nobody else's for `lease_ms`. With
 * `live_only` those of test organisations are left out. ret_turn->customer is NULL when none is
 * due. To be committed before it is asked for. */
enum err vat_claim(struct context *cx, bool live_only, int64_t lease_ms, struct vat_turn *ret_turn);

/* The account's number is one of which nothing is known: a well-formed one is asked for as soon as
 * can be. */
enum err vat_ask_anew(struct context *cx, const struct account *account);

/* Keeps an answer about the present number of an account: the row; state, day and proof on the
 * account; and that it is asked for again at `again_at`. */
enum err vat_keep(struct context *cx, const struct vat_check *check, const struct account *account,
                  instant again_at);

/* Lists the checks of an account, newest first. */
enum err vat_list(struct context *cx, const char *account, int64_t limit,
                  struct vat_check_list *list);
