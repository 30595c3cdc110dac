/* Rows of logins, sessions and of what belongs to them. Times are those of the clock on the wall;
 * secrets are given and found by their digest. These statements start from no customer: the
 * session says whose it is. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"

/* ── Logins ───────────────────────────────────────────────────────────────────────────── */

/* Sets the password's hash of a mail address, in small letters. */
enum err login_save(struct context *cx, const char *email, const char *hash);
/* *ret_hash is NULL when the address has none. */
enum err login_load(struct context *cx, const char *email, const char **ret_hash);
/* The people of a mail address, oldest first: one for each organisation. */
enum err person_list_by_email(struct context *cx, const char *email, struct person_list *list);

/* Counts a failure of a scope; one that began before `since` begins anew. */
enum err failure_count(struct context *cx, const char *scope, instant since);
enum err failure_load(struct context *cx, const char *scope, instant since, int64_t *ret_count,
                      instant *ret_since);
enum err failure_clear(struct context *cx, const char *scope);

/* ── Sessions ─────────────────────────────────────────────────────────────────────────── */

struct signed_in {
    struct person person;
    const char *view;
    const char *theme;
    const char *organization; /* its name, "" for the seller's staff */
    bool live;
    instant clock_at;
    const char *login; /* the mail address that signed in */
    bool has_others;   /* it is a person of other organisations too */
    uint32_t roles;
    instant created_at;
    instant seen_at;
    instant ended_at; /* INSTANT_NONE: not */
};

enum err session_insert(struct context *cx, const char *hash, const struct person *person);
/* Everything that has to be known of who asks, in one read. Ended and aged sessions are found. */
enum err session_load(struct context *cx, const char *hash, bool *ret_found,
                      struct signed_in *ret_signed_in);
enum err session_touch(struct context *cx, const char *hash);
enum err session_end(struct context *cx, const char *hash);
/* Removes what has aged: sessions, kept forms, failures; a bounded number at a time. */
enum err session_sweep(struct context *cx);

/* Language, view and theme of a person; NULL leaves one as it is. */
enum err person_save_preferences(struct context *cx, const char *customer, const char *person,
                                 const char *language, const char *view, const char *theme);

/* ── Kept forms ───────────────────────────────────────────────────────────────────────── */

struct kept_form {
    const char *hash;
    const char *customer;
    const char *person;
    const char *address; /* where it was sent */
    const char *body;
};
/* Of one person the latest FORMS_KEPT_MAX stay. */
enum err kept_form_insert(struct context *cx, const struct kept_form *form);
/* *ret_form is NULL when the person has none of this digest at this address, or it is too old. */
enum err kept_form_load(struct context *cx, const char *hash, const char *customer,
                        const char *person, const char *address, struct kept_form **ret_form);
