/* The catalogue: what the seller sells, as the published file says it (rules §1, formats).
 *
 * A catalogue is parsed once, never changes after, and is shared by everyone who reads it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"
#include "base/period.h"

enum offer_kind { OFFER_BASE, OFFER_TRADITIONAL_ADDON, OFFER_STANDALONE_ADDON };
enum offer_scope { SCOPE_USER, SCOPE_TENANT };
enum feature_type { FEATURE_SWITCH, FEATURE_LIMIT, FEATURE_QUOTA };
enum feature_per { PER_UNIT, PER_SUBSCRIPTION };
enum tier_mode { TIER_NONE, TIER_GRADUATED, TIER_VOLUME };
enum proration { PRORATION_DAY, PRORATION_NONE, PRORATION_FULL };

/* Ids of offers, in the order of the file. The parser resolves them once: eligibility counts by
 * place, without comparing a text. */
struct offer_ids {
    const char *const *items;
    const uint32_t *indexes; /* beside items: places in the catalogue */
    size_t count;
};

struct tier {
    int64_t up_to; /* last unit of the step; QUANTITY_MAX for the last step */
    struct unit_price unit;
};

/* What an offer costs for one currency, term and billing. */
struct price {
    char currency[CURRENCY_SIZE];
    enum term term;
    enum billing billing;
    enum tier_mode tier_mode;
    struct unit_price unit; /* TIER_NONE */
    const struct tier *tiers;
    size_t tier_count;
};

struct setup_price {
    char currency[CURRENCY_SIZE];
    int64_t amount_minor;
};

struct feature {
    const char *name;
    enum feature_type type;
    int64_t value;
    enum feature_per per;
};

struct text_pair { /* a text in both languages */
    const char *en;
    const char *fr;
};

struct offer {
    const char *id;
    size_t index; /* place in the file */
    enum offer_kind kind;
    struct text_pair name;
    struct text_pair description; /* "" when there is none */
    const char *category;         /* "" when there is none */
    const char *unit;
    enum offer_scope scope;

    struct offer_ids connects_to;
    struct offer_ids requires_any;
    struct offer_ids requires_all;
    struct offer_ids excludes; /* made symmetric by the parser */
    struct offer_ids change_to;
    int64_t per_base;
    int64_t limit_per_customer; /* 0: none */

    int64_t quantity_min;
    int64_t quantity_max;
    int64_t quantity_step;
    int64_t min_percent_of_base; /* 0: none */
    int64_t max_percent_of_base; /* 0: none */

    const char *const *countries; /* NULL: everywhere */
    size_t country_count;
    civil_day sale_from;  /* DAY_NONE: always was */
    civil_day sale_until; /* last day; DAY_NONE: no end */
    bool end_of_sale;

    const struct price *prices;
    size_t price_count;
    const struct setup_price *setups;
    size_t setup_count;
    int64_t trial_days; /* 0: no trial */
    int64_t trial_quantity;
    const struct feature *features;
    size_t feature_count;

    const char *tax_category;
    enum proration proration;
    int64_t grace_days;
    int64_t disabled_days;
    bool requires_base_license;
};

/* What an offer has that does not say otherwise (formats). */
#define TAX_CATEGORY_DEFAULT "standard"
enum { GRACE_DAYS_DEFAULT = 30, DISABLED_DAYS_DEFAULT = 90 };

struct tax_rate {
    char country[3];
    const char *category;
    int64_t percent_micros; /* 20 % = 20 000 000 */
    civil_day from_on;
};

struct catalog {
    int64_t number;         /* order of publication in this store, from 1; 0: not published */
    civil_day published_on; /* DAY_NONE: not published */
    instant published_at;   /* INSTANT_NONE: not published */
    const char *version;    /* as the file names it */
    const struct offer *offers;
    size_t offer_count;
    const struct tax_rate *tax_rates;
    size_t tax_rate_count;
    const uint32_t *by_id; /* indexes into offers, sorted by id: for catalog_find_offer */
};

/* Fills the `indexes` of every list of `offers`, which are those of the catalogue. An id that no
 * offer has gets OFFER_UNKNOWN; the parser then refuses it, so that no catalogue has one. */
#define OFFER_UNKNOWN UINT32_MAX
void catalog_resolve(struct arena *arena, const struct catalog *catalog, struct offer *offers);

/* Returns the offer of that id, or NULL. Binary search. */
const struct offer *catalog_find_offer(const struct catalog *catalog, const char *id);

/* Returns the price for a currency, term and billing, or NULL. */
const struct price *offer_find_price(const struct offer *offer, const char *currency,
                                     enum term term, enum billing billing);
bool offer_has_currency(const struct offer *offer, const char *currency);
bool offer_is_sold_in(const struct offer *offer, const char *country);
/* In its sale window and not at its end of sale (rules §1: `until` is the last day). */
bool offer_is_on_sale(const struct offer *offer, civil_day today);
/* The one-time amount in a currency; 0 when there is none. */
int64_t offer_setup_minor(const struct offer *offer, const char *currency);
bool offer_ids_have(const struct offer_ids *ids, const char *id);

const char *offer_kind_format(enum offer_kind kind);

/* One tier step that a quantity uses, or the whole quantity at one price. */
struct price_part {
    struct unit_price unit;
    int64_t quantity;
    int step; /* from 0 */
};
enum { PRICE_PARTS_MAX = 20 };
/* Splits a quantity by the price's tiers (rules §6: one line per step that is used; volume:
 * one line). Returns how many parts it wrote. */
size_t price_split(const struct price *price, int64_t quantity,
                   struct price_part ret_parts[PRICE_PARTS_MAX]);
/* Says whether an offer costs something else in one of them, or is new in `after`. */
bool catalog_prices_differ(const struct catalog *before, const struct catalog *after);

/* The amount for a whole period of a quantity, rounded by line as it would be billed. */
struct money price_whole_period(const struct price *price, int64_t quantity);
