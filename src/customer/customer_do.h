/* Use cases of customers: signing an organisation up, its accounts, people and keys. Each is one
 * transaction; inside another it is a savepoint. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"

/* What a sign-up makes. */
struct organization_created {
    struct organization organization;
    struct account account;
    struct person person;
};

/* Signs an organisation up, with its first billing account and the person who does so: global
 * and billing administrator, and owner of an agreement account (rules §8). Afterwards
 * cx->customer is the new organisation. Errors: ERR_INVALID with the place. */
enum err organization_create(struct context *cx, const struct organization_request *request,
                             struct organization_created *ret_created);

/* Turns work of the seller's staff to one organisation, test or live: its rows, its time.
 * ERR_NOT_FOUND. */
enum err organization_enter(struct context *cx, const char *id,
                            struct organization *ret_organization);

/* Judges an account that is to be kept, at its place in the body ("" or "/account"). Errors:
 * ERR_INVALID with the place. */
enum err account_check(struct context *cx, const struct account *account, const char *place);

/* Adds a billing account to cx->customer. Errors: ERR_INVALID with the place; ERR_NOT_FOUND. */
enum err account_create(struct context *cx, const struct account_request *request,
                        struct account *ret_account);

/* Adds a person to cx->customer, or to the seller's staff when that is "". Errors: ERR_INVALID
 * with the place, also for an address that is there already or a role of the other side. */
enum err person_create(struct context *cx, const struct person_request *request,
                       struct person *ret_person);

/* A key of the API that carries the roles of a person of cx->customer ("": of the seller). */
struct key_request {
    const char *person;
    const char *name;
    bool live;
    bool can_write;     /* false: what only looks */
    instant expires_at; /* INSTANT_NONE: never */
};
/* Makes a key and gives its text, "annex_live_…" or "annex_test_…", this one time: the store
 * keeps a digest. ERR_NOT_FOUND for an unknown person. */
enum err key_create(struct context *cx, const struct key_request *request, struct api_key *ret_key,
                    const char **ret_secret);

/* Numbers and writes one event of an organisation whose row is locked, and counts it there.
 * `data` is a JSON object. */
enum err organization_announce(struct context *cx, struct organization *organization,
                               const char *type, const char *subject, const char *data);
