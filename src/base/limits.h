/* Every bound of the program has its name here. */
#pragma once

enum {
    JSON_DEPTH_MAX = 32,
    TEXT_MAX = 2000,        /* bytes of one text in a request or file */
    ID_MAX = 64,            /* bytes of an offer's id or of a name in a file */
    BODY_MAX = 1024 * 1024, /* bytes of a request's body */
    CATALOG_BODY_MAX = 8 * 1024 * 1024,
    FILE_MAX = 64 * 1024 * 1024,
    OFFERS_MAX = 2000, /* offers of one catalogue */
    PRICES_MAX = 64,   /* prices of one offer */
    TIERS_MAX = 20,
    CATALOG_FAULTS_MAX = 200,   /* told of one file */
    CATALOGS_MAX = 1024,        /* versions kept parsed */
    OFFER_REFERENCES_MAX = 200, /* ids in one list of an offer */
    FEATURES_MAX = 200,         /* of one offer */
    COUNTRIES_MAX = 300,
    TAX_RATES_MAX = 10000,
    OFFER_PERCENT_MAX = 1000, /* of the base's seats */
    OFFER_DAYS_MAX = 3650,    /* of a trial, of grace, of being disabled */
    CART_LINES_MAX = 100,
    ORDER_QUANTITY_MAX = 1000000000, /* what a request may say; offers bound it far lower */
    METADATA_MAX = 50,
    PAGE_DEFAULT = 20,
    PAGE_MAX = 100,
    EXPAND_MAX = 10,             /* names in one ?expand= */
    TIMELINE_MAX = 10000,        /* steps of one simulation */
    SIMULATION_FAULTS_MAX = 200, /* told of one file */
    SIM_STEPS_MAX = 100000000,   /* of one random world */
    DOCTOR_FAULTS_MAX = 1000,    /* told of one store */
    DOCTOR_BATCH_MAX = 1000,     /* customers listed at once */
    DOCTOR_TRIES_MAX = 3,        /* at a customer that is written meanwhile */
    USER_NAME_MAX = 255,         /* bytes of a user's name in a request */
    TAX_REGISTRATIONS_MAX = 100, /* of a seller, in other countries */
    TAX_CATEGORIES_MAX = 16,     /* named on one exemption certificate */
    USERS_MAX = 10000,           /* people named in one request */
    QUANTITY_MAX = 10000000,     /* formats: the default maximum of an offer */
    PURCHASE_ORDER_MAX = 100,    /* bytes */
    IDEMPOTENCY_KEY_MAX = 255,
    DUE_STEPS_MAX = 100000,   /* due items of one account in one run: a loop's bound */
    UPCOMING_MONTHS_MAX = 36, /* that one may ask to look ahead */
    AHEAD_STEPS_MAX = 20000,  /* due items of one customer that are looked ahead at */
    DUE_BATCH_MAX = 100,      /* customers claimed at once */
    PARKED_TOLD_MAX = 20,     /* customers whose parked work is told of at once */
    NUMBER_BATCH_MAX = 500,   /* documents that get their number in one step */
    FORM_FIELDS_MAX = 200,    /* of one form, each of at most FORM_VALUE_MAX bytes */
    FORM_VALUE_MAX = 8000,
    FORMS_KEPT_MAX = 20,      /* of one person */
    FORM_KEPT_MAX = 16000,    /* bytes of a form that is kept while someone signs in again */
    PASSWORD_MIN = 12,        /* characters */
    PASSWORD_MAX = 500,       /* bytes */
    SIGN_IN_FAILURES_MAX = 5, /* of a name from one address, in SIGN_IN_WINDOW_MS */
    MEMBERSHIPS_MAX = 20,     /* organisations one mail address may choose among */
};

#define UNIT_PRICE_MAX_MICROS ((int64_t)10000000 * 100 * 1000000) /* ten million euros a unit */
#define QUANTITY_ASKED_MAX ((int64_t)1000000000000) /* what is read, to be judged by the rules */
#define DOCTOR_ARENA_MAX ((size_t)2 * 1024 * 1024 * 1024) /* one customer's rows */
#define SIMULATION_ARENA_MAX ((size_t)2 * 1024 * 1024 * 1024)
#define REQUEST_ARENA_MAX ((size_t)256 * 1024 * 1024)
#define AHEAD_ARENA_MAX (REQUEST_ARENA_MAX / 2)
#define COMMAND_ARENA_MAX ((size_t)2048 * 1024 * 1024)
#define HTTP_PACK_MAX ((size_t)4 * 1024 * 1024) /* of a page, to be gzipped */
#define QUOTE_LIFE_MS ((int64_t)15 * 60 * 1000) /* rules §7 */
#define IDEMPOTENCY_LIFE_MS ((int64_t)24 * 3600 * 1000)
#define ORDER_LIFE_MS ((int64_t)24 * 3600 * 1000)    /* waiting for strong authentication */
#define BATCH_WINDOW_MS ((int64_t)168 * 3600 * 1000) /* rules §4, Licences and Cancel now */
#define DUE_LEASE_MS ((int64_t)60 * 1000)   /* a claim on due work; then its node has died */
#define CLOCK_LEASE_MS ((int64_t)10 * 1000) /* a claim on a piece of a test clock's walk */
#define CLOCK_ADVANCE_MAX_MS ((int64_t)3653 * 24 * 3600 * 1000) /* of a test clock at once */
#define DUE_REST_MS ((int64_t)2 * 1000)                         /* after an attempt that failed */
#define PROVIDER_WAIT_MS 10000                                  /* rules §7 */
#define SESSION_IDLE_MS ((int64_t)2 * 3600 * 1000)              /* without a request */
#define SESSION_LIFE_MS ((int64_t)12 * 3600 * 1000)             /* in all */
#define SESSION_SEEN_MS ((int64_t)5 * 60 * 1000) /* between two writings that it is in use */
#define FORM_KEPT_MS ((int64_t)3600 * 1000)
#define SIGN_IN_WINDOW_MS ((int64_t)15 * 60 * 1000)
