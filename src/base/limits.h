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
    TIMELINE_MAX = 10000,        /* steps of one simulation */
    SIMULATION_FAULTS_MAX = 200, /* told of one file */
    SIM_STEPS_MAX = 100000000,   /* of one random world */
    DOCTOR_FAULTS_MAX = 1000,    /* told of one store */
    DOCTOR_BATCH_MAX = 1000,     /* customers listed at once */
    DOCTOR_TRIES_MAX = 3,        /* at a customer that is written meanwhile */
    USERS_MAX = 10000,           /* people named in one request */
    QUANTITY_MAX = 10000000,     /* formats: the default maximum of an offer */
    PURCHASE_ORDER_MAX = 100,    /* bytes */
    IDEMPOTENCY_KEY_MAX = 255,
    DUE_STEPS_MAX = 100000, /* due items of one account in one run: a loop's bound */
    DUE_BATCH_MAX = 100,    /* customers worked off in one tick */
    NUMBER_BATCH_MAX = 500, /* documents that get their number in one step */
};

#define UNIT_PRICE_MAX_MICROS ((int64_t)10000000 * 100 * 1000000) /* ten million euros a unit */
#define QUANTITY_ASKED_MAX ((int64_t)1000000000000) /* what is read, to be judged by the rules */
#define DOCTOR_ARENA_MAX ((size_t)2 * 1024 * 1024 * 1024) /* one customer's rows */
#define SIMULATION_ARENA_MAX ((size_t)2 * 1024 * 1024 * 1024)
#define REQUEST_ARENA_MAX ((size_t)256 * 1024 * 1024)
#define COMMAND_ARENA_MAX ((size_t)2048 * 1024 * 1024)
#define QUOTE_LIFE_MS ((int64_t)15 * 60 * 1000) /* rules §7 */
#define IDEMPOTENCY_LIFE_MS ((int64_t)24 * 3600 * 1000)
#define ORDER_LIFE_MS ((int64_t)24 * 3600 * 1000)    /* waiting for strong authentication */
#define BATCH_WINDOW_MS ((int64_t)168 * 3600 * 1000) /* rules §4, Licences and Cancel now */
#define PROVIDER_WAIT_MS 10000                       /* rules §7 */
