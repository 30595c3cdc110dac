/* Rows of people, of their roles, and of the keys they call the API with. cx->customer is ""
 * for the seller's staff. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"

/* ERR_STORE_CONFLICT when the customer has a person with this address. */
enum err person_insert(struct context *cx, const struct person *person);
/* Loads one; ERR_NOT_FOUND when the customer has none of this id. */
enum err person_load(struct context *cx, const char *id, struct person **ret_person);
/* Loads all, oldest first. */
enum err person_load_all(struct context *cx, struct person_list *list);

/* Gives a role; nothing happens when the person has it. */
enum err role_insert(struct context *cx, const char *person, enum role role);
/* The roles of a person as bits, 1 << role. */
enum err role_load_all(struct context *cx, const char *person, uint32_t *ret_roles);

enum err key_insert(struct context *cx, const struct api_key *key);
/* Loads all, oldest first. */
enum err key_load_all(struct context *cx, struct api_key_list *list);

/* Who calls, by the digest of the key, and the organisation it is about: everything that has to
 * be known before a request is let in, in one read. The only statement that starts from no
 * customer: the key says whose it is. */
struct key_holder {
    struct api_key key;
    const char *language; /* of the person */
    uint32_t roles;       /* bits, 1 << role */
    const char *customer; /* the organisation named, else the key's own; NULL: there is none */
    bool live;            /* its mode */
    instant clock_at;     /* its test clock, or INSTANT_NONE */
};
/* `organization`: the one named in the request, or NULL. *ret_found is false for an unknown
 * digest; expired and revoked keys are found. */
enum err key_load_holder(struct context *cx, const char *hash, const char *organization,
                         bool *ret_found, struct key_holder *ret_holder);
