/* Customers: organisations with people, roles, and billing accounts (rules §0, §8). */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"
#include "base/money.h"
#include "tax/vat_check.h"

enum account_type { ACCOUNT_CLASSIC, ACCOUNT_AGREEMENT };

/* An organisation. `mode`: test customers may live on a clock of their own. */
struct organization {
    const char *id;
    const char *name;
    const char *country;
    bool live;
    const char *clock;    /* clk_…, the test clock that moves its time, or NULL */
    instant clock_at;     /* a test clock's now; INSTANT_NONE: it lives in real time */
    instant now_at;       /* the latest instant it has seen: its time never goes back */
    instant due_at;       /* when the engine next has something to do; INSTANT_NONE: nothing */
    int64_t event_seq;    /* the last event's number */
    const char *metadata; /* JSON object of the caller's own texts, or NULL */
    int64_t version;
    instant created_at;
};

struct address {
    const char *line1;
    const char *line2;
    const char *postal_code;
    const char *city;
    const char *country;
};

/* A billing account: who pays, in which currency, by which calendar, with which tax. */
struct account {
    const char *id;
    const char *customer;
    const char *name;
    enum account_type type;
    const char *country;
    char currency[CURRENCY_SIZE];
    const char *time_zone;
    const char *vat_id;        /* NULL: none */
    enum vat_answer vat_state; /* what the last check that answered said of it */
    civil_day vat_state_on;    /* since when */
    const char *vat_proof;     /* of VAT_VALID: what names that consultation */
    bool taxed;
    int64_t exemptions; /* certificates that it ever had (tax/exemption.h) */
    struct address sold_to;
    const char *default_method; /* pmt_…, or NULL */
    struct money credit;        /* credit balance */
    civil_day earned_until;     /* what was earned before is posted; DAY_NONE: nothing yet */
    civil_day earn_on;          /* when revenue is posted next; DAY_NONE: none is to come */
    int64_t version;
    instant created_at;
};

struct person {
    const char *id;
    const char *customer; /* "" for the seller's staff */
    const char *name;
    const char *email;
    const char *language;
    instant created_at;
};

/* What a person may be, in an organisation, on its agreement accounts, or at the seller (rules
 * §8). Which permissions that gives is customer/permissions.def. */
enum role_place { ROLE_OF_ORGANIZATION, ROLE_OF_AGREEMENT, ROLE_OF_SELLER };
enum role {
#define ROLE(name, text, place) ROLE_##name,
#include "customer/roles.def"
#undef ROLE
    ROLE_COUNT
};

/* A key of the API. Only the digest of its secret is kept. */
struct api_key {
    const char *id;
    const char *hash;
    const char *customer; /* "" for the seller's staff */
    const char *person;   /* whose roles it carries */
    const char *name;
    const char *scopes; /* "read" or "write" */
    bool live;
    instant created_at;
    instant expires_at; /* INSTANT_NONE: never */
    instant revoked_at; /* INSTANT_NONE: not */
};

/* What a billing account is made of. NULL texts take their default. */
struct account_request {
    const char *name; /* NULL: the organisation's */
    enum account_type type;
    const char *country; /* NULL: the organisation's; of the sold-to address */
    const char *currency;
    const char *time_zone;  /* NULL: the seller's (rules §0) */
    const char *vat_id;     /* NULL: none */
    bool untaxed;           /* simulations only: no tax at all */
    struct address sold_to; /* its country is `country`; NULL texts are empty */
};

/* A person to be added. */
struct person_request {
    const char *name;
    const char *email;
    const char *language; /* "en", "fr"; NULL: cx->language */
    const enum role *roles;
    size_t role_count;
};

/* An organisation that signs up. */
struct organization_request {
    const char *name;
    const char *country;
    bool live;
    const char *clock; /* clk_…, the test clock it lives on, or NULL */
    instant clock_at;  /* without `clock`: INSTANT_NONE, or a time that nothing moves by itself */
    const char *metadata; /* a checked JSON object, or NULL */
    struct account_request account;
    struct person_request person; /* who signs up; its roles are given by the rules, not here */
};

LIST_TYPE(organization_list, struct organization);
LIST_TYPE(account_list, struct account);
LIST_TYPE(person_list, struct person);
LIST_TYPE(api_key_list, struct api_key);

const char *account_type_format(enum account_type type);
bool account_type_parse(const char *text, enum account_type *ret_type);

const char *role_format(enum role role);
bool role_parse(const char *text, enum role *ret_role);
enum role_place role_place(enum role role);

/* Two capital letters, as ISO 3166-1 has them. */
bool country_is_well_formed(const char *country);
/* Something before and after one @, without spaces. */
bool email_is_well_formed(const char *email);
