/* One offer as the file has it, with the defaults of formats. What needs the other offers is
 * judged in catalog_check.c. */
#include "base/limits.h"
#include "catalog/catalog_reader.h"

static void read_id(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    if (!catalog_read_text(in, r, "id", REQUIRED, &offer->id))
        return;
    if (!offer_id_is_good(offer->id)) {
        catalog_refuse_member(in, r, "id",
                              "must be a-z, 0-9, - and _, begin with a letter or digit, and have "
                              "at most %d characters",
                              ID_MAX);
        return;
    }
    in->offer = offer->id;
}

static void read_kind(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    static const char *const words[] = {"base", "traditional_addon", "standalone_addon", NULL};
    static const enum offer_kind kinds[] = {OFFER_BASE, OFFER_TRADITIONAL_ADDON,
                                            OFFER_STANDALONE_ADDON};
    int index = 0;
    if (catalog_read_choice(in, r, "kind", REQUIRED, words, &index))
        offer->kind = kinds[index];
}

/* A text is for everyone: where there is one, it is there in both languages. */
static void read_text_pair(struct catalog_reader *in, struct json_reader *r, const char *member,
                           enum json_presence presence, struct text_pair *ret_pair)
{
    struct json_reader pair;
    bool present = false;
    if (!catalog_read_ok(in, json_object(r, member, presence, &pair, &present)) || !present)
        return;
    (void)catalog_read_text(in, &pair, "en", REQUIRED, &ret_pair->en);
    (void)catalog_read_text(in, &pair, "fr", REQUIRED, &ret_pair->fr);
    catalog_read_rest(in, &pair);
}

static void read_unit_and_scope(struct catalog_reader *in, struct json_reader *r,
                                struct offer *offer)
{
    static const char *const words[] = {"user", "tenant", NULL};
    (void)catalog_read_word(in, r, "unit", REQUIRED, &offer->unit);
    int index = strcmp(offer->unit, "user") == 0 ? 0 : 1;
    (void)catalog_read_choice(in, r, "scope", OPTIONAL, words, &index);
    offer->scope = index == 0 ? SCOPE_USER : SCOPE_TENANT;
}

static void read_ids(struct catalog_reader *in, struct json_reader *r, const char *member,
                     struct offer_ids *ret_ids)
{
    struct catalog_words words = {NULL, 0};
    catalog_read_words(in, r, member, OFFER_REFERENCES_MAX, &words);
    ret_ids->items = words.items;
    ret_ids->count = words.count;
}

/* An empty condition could mean "always" or "never": it is refused. */
static void read_condition(struct catalog_reader *in, struct json_reader *r, const char *member,
                           struct offer_ids *ret_ids)
{
    size_t before = in->faults.count;
    read_ids(in, r, member, ret_ids);
    if (json_has(r, member) && ret_ids->count == 0 && in->faults.count == before)
        catalog_refuse_member(in, r, member, "must name an offer, or be left out");
}

static void read_relations(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    struct json_reader requires;
    bool present = false;
    read_ids(in, r, "connects_to", &offer->connects_to);
    (void)catalog_read_integer(in, r, "per_base", 1, QUANTITY_MAX, &offer->per_base);
    if (catalog_read_ok(in, json_object(r, "requires", OPTIONAL, &requires, &present)) && present) {
        read_condition(in, &requires, "any_of", &offer->requires_any);
        read_condition(in, &requires, "all_of", &offer->requires_all);
        catalog_read_rest(in, &requires);
    }
    read_ids(in, r, "excludes", &offer->excludes);
    read_ids(in, r, "change_to", &offer->change_to);
    (void)catalog_read_integer(in, r, "limit_per_customer", 1, QUANTITY_MAX,
                               &offer->limit_per_customer);
}

static void check_quantity(struct catalog_reader *in, const struct json_reader *r,
                           const struct offer *offer)
{
    int64_t largest = offer->quantity_max / offer->quantity_step * offer->quantity_step;
    if (offer->quantity_min > offer->quantity_max)
        catalog_refuse_member(in, r, "min", "is more than max %" PRId64, offer->quantity_max);
    else if (largest < offer->quantity_min)
        catalog_refuse_member(in, r, "step", "no multiple of %" PRId64 " lies between min and max",
                              offer->quantity_step);
    if (offer->max_percent_of_base != 0 && offer->min_percent_of_base > offer->max_percent_of_base)
        catalog_refuse_member(in, r, "min_percent_of_base", "is more than max_percent_of_base");
}

static void read_quantity(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    struct json_reader q;
    bool present = false;
    if (!catalog_read_ok(in, json_object(r, "quantity", OPTIONAL, &q, &present)) || !present)
        return;
    size_t before = in->faults.count;
    (void)catalog_read_integer(in, &q, "min", 1, QUANTITY_MAX, &offer->quantity_min);
    (void)catalog_read_integer(in, &q, "max", 1, QUANTITY_MAX, &offer->quantity_max);
    (void)catalog_read_integer(in, &q, "step", 1, QUANTITY_MAX, &offer->quantity_step);
    (void)catalog_read_integer(in, &q, "min_percent_of_base", 0, OFFER_PERCENT_MAX,
                               &offer->min_percent_of_base);
    /* 0 would mean that none may be bought at all. */
    (void)catalog_read_integer(in, &q, "max_percent_of_base", 1, OFFER_PERCENT_MAX,
                               &offer->max_percent_of_base);
    if (in->faults.count == before)
        check_quantity(in, &q, offer);
    catalog_read_rest(in, &q);
}

static void read_countries(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    struct catalog_words words = {NULL, 0};
    size_t before = in->faults.count;
    catalog_read_words(in, r, "countries", COUNTRIES_MAX, &words);
    for (size_t i = 0; i < words.count; i++) {
        if (!country_is_good(words.items[i]))
            catalog_refuse_member(in, r, "countries",
                                  "\"%s\" is not a country of ISO 3166 (such as FR)",
                                  words.items[i]);
    }
    if (json_has(r, "countries") && words.count == 0 && in->faults.count == before)
        catalog_refuse_member(in, r, "countries",
                              "must name a country; left out, it means everywhere");
    offer->countries = words.items;
    offer->country_count = words.count;
}

static void read_sale(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    struct json_reader sale;
    bool present = false;
    if (catalog_read_ok(in, json_object(r, "on_sale", OPTIONAL, &sale, &present)) && present) {
        (void)catalog_read_ok(in, json_day(&sale, "from", OPTIONAL, &offer->sale_from));
        (void)catalog_read_ok(in, json_day(&sale, "until", OPTIONAL, &offer->sale_until));
        if (offer->sale_until != DAY_NONE && offer->sale_from > offer->sale_until)
            catalog_refuse_member(in, &sale, "until", "is before from");
        catalog_read_rest(in, &sale);
    }
    (void)catalog_read_ok(in, json_bool(r, "end_of_sale", OPTIONAL, &offer->end_of_sale));
}

static void read_trial(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    struct json_reader trial;
    bool present = false;
    if (!catalog_read_ok(in, json_object(r, "trial", OPTIONAL, &trial, &present)) || !present)
        return;
    (void)catalog_read_ok(
        in, json_integer(&trial, "days", REQUIRED, 1, OFFER_DAYS_MAX, &offer->trial_days));
    (void)catalog_read_ok(
        in, json_integer(&trial, "quantity", REQUIRED, 1, QUANTITY_MAX, &offer->trial_quantity));
    if (offer->trial_quantity > offer->quantity_max)
        catalog_refuse_member(in, &trial, "quantity", "is more than may be bought (%" PRId64 ")",
                              offer->quantity_max);
    catalog_read_rest(in, &trial);
}

static void read_feature_value(struct catalog_reader *in, struct json_reader *r,
                               struct feature *feature)
{
    if (feature->type != FEATURE_SWITCH)
        (void)catalog_read_ok(
            in, json_integer(r, "value", REQUIRED, 0, INT64_MAX / QUANTITY_MAX, &feature->value));
    else if (catalog_read_integer(in, r, "value", INT64_MIN, INT64_MAX, &feature->value))
        catalog_refuse_member(in, r, "value", "is for limits and quotas; a switch has none");
}

static void read_feature(struct catalog_reader *in, struct json_reader *r, enum offer_scope scope,
                         struct feature *feature)
{
    static const char *const types[] = {"switch", "limit", "quota", NULL};
    static const enum feature_type type_values[] = {FEATURE_SWITCH, FEATURE_LIMIT, FEATURE_QUOTA};
    static const char *const pers[] = {"unit", "subscription", NULL};
    int type = 0;
    (void)catalog_read_word(in, r, "name", REQUIRED, &feature->name);
    if (catalog_read_choice(in, r, "type", REQUIRED, types, &type)) {
        feature->type = type_values[type];
        read_feature_value(in, r, feature);
    } else {
        (void)json_raw(r, "value"); /* known, but it cannot be judged */
    }
    int per = scope == SCOPE_USER || feature->type == FEATURE_QUOTA ? 0 : 1;
    (void)catalog_read_choice(in, r, "per", OPTIONAL, pers, &per);
    feature->per = per == 0 ? PER_UNIT : PER_SUBSCRIPTION;
    catalog_read_rest(in, r);
}

/* A quota may be named twice: for each unit, and for the subscription. */
static bool feature_is_known(const struct offer *offer, const struct feature *feature)
{
    for (size_t i = 0; i < offer->feature_count; i++) {
        const struct feature *other = &offer->features[i];
        bool are_quotas = other->type == FEATURE_QUOTA && feature->type == FEATURE_QUOTA;
        if (strcmp(other->name, feature->name) == 0 && !(are_quotas && other->per != feature->per))
            return true;
    }
    return false;
}

static void read_features(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    size_t size = 0;
    if (!catalog_read_ok(in, json_array(r, "features", OPTIONAL, FEATURES_MAX, &size)))
        return;
    struct feature *features = ARENA_ARRAY(in->arena, struct feature, size);
    offer->features = features;
    for (size_t i = 0; i < size; i++) {
        struct json_reader item;
        if (!catalog_read_ok(in, json_array_object(r, "features", i, &item)))
            continue;
        struct feature feature = {.name = ""};
        read_feature(in, &item, offer->scope, &feature);
        if (feature.name[0] != '\0' && feature_is_known(offer, &feature))
            catalog_refuse_member(in, &item, "name", "\"%s\" is named twice", feature.name);
        features[offer->feature_count++] = feature;
    }
}

/* Tax, proration, and the days of its end. */
static void read_conditions(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    static const char *const words[] = {"day", "none", "full", NULL};
    static const enum proration values[] = {PRORATION_DAY, PRORATION_NONE, PRORATION_FULL};
    int proration = 0;
    (void)catalog_read_word(in, r, "tax_category", OPTIONAL, &offer->tax_category);
    if (catalog_read_choice(in, r, "proration", OPTIONAL, words, &proration))
        offer->proration = values[proration];
    (void)catalog_read_integer(in, r, "grace_days", 0, OFFER_DAYS_MAX, &offer->grace_days);
    (void)catalog_read_integer(in, r, "disabled_days", 0, OFFER_DAYS_MAX, &offer->disabled_days);
    (void)catalog_read_ok(
        in, json_bool(r, "requires_base_license", OPTIONAL, &offer->requires_base_license));
    (void)catalog_read_word(in, r, "category", OPTIONAL, &offer->category);
}

void catalog_read_offer(struct catalog_reader *in, struct json_reader *r, struct offer *offer)
{
    *offer = (struct offer){
        .id = "",
        .index = offer->index,
        .name = {"", ""},
        .description = {"", ""},
        .category = "",
        .unit = "",
        .per_base = 1,
        .quantity_min = 1,
        .quantity_max = QUANTITY_MAX,
        .quantity_step = 1,
        .sale_from = DAY_NONE,
        .sale_until = DAY_NONE,
        .tax_category = TAX_CATEGORY_DEFAULT,
        .grace_days = GRACE_DAYS_DEFAULT,
        .disabled_days = DISABLED_DAYS_DEFAULT,
    };
    read_id(in, r, offer);
    read_kind(in, r, offer);
    read_text_pair(in, r, "name", REQUIRED, &offer->name);
    read_text_pair(in, r, "description", OPTIONAL, &offer->description);
    read_unit_and_scope(in, r, offer);
    read_relations(in, r, offer);
    read_quantity(in, r, offer);
    read_features(in, r, offer);
    read_trial(in, r, offer);
    read_countries(in, r, offer);
    read_sale(in, r, offer);
    read_conditions(in, r, offer);
    catalog_read_prices(in, r, offer);
    catalog_read_rest(in, r);
}
