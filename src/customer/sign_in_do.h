/* Use cases of sessions: signing in with a password, out again, and what is kept meanwhile. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"

/* Sets the password of a mail address. ERR_INVALID for one shorter than PASSWORD_MIN. */
enum err password_set(struct context *cx, const char *email, const char *password);

/* Checks name and password, outside of transactions: it computes for long. Gives the people that
 * the address is, one for each organisation, at least one. An unknown name takes as long as a
 * wrong password, and answers the same: ERR_SIGN_IN_FAILED. After SIGN_IN_FAILURES_MAX of them
 * for a name from one address, ERR_RATE_LIMITED there for a while, with `retry_after`; the same
 * name from elsewhere is not touched. */
enum err sign_in_check(struct context *cx, const char *email, const char *password,
                       const char *address, struct person_list *ret_people);

/* Begins a session of a person; gives its token, this one time. */
enum err session_begin(struct context *cx, const struct person *person, const char **ret_token);
/* The digest by which the store knows a token. */
const char *session_hash(struct context *cx, const char *token);

/* Keeps a form of a session that is over; gives the secret by which it is found again. */
enum err form_keep(struct context *cx, const char *customer, const char *person,
                   const char *address, const char *body, const char **ret_secret);
