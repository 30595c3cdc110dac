#include "catalog/offer_json.h"

#include "catalog/catalog_members.h"

static void put_words(struct json_writer *w, const char *name, const char *const *words,
                      size_t count)
{
    json_open_array(w, name);
    for (size_t i = 0; i < count; i++)
        json_put_text(w, NULL, words[i]);
    json_close_array(w);
}

static void put_ids(struct json_writer *w, const char *name, const struct offer_ids *ids)
{
    put_words(w, name, ids->items, ids->count);
}

static void put_pair(struct json_writer *w, const char *name, const struct text_pair *pair)
{
    json_open_object(w, name);
    json_put_text(w, "en", pair->en);
    json_put_text(w, "fr", pair->fr);
    json_close_object(w);
}

static void put_positive(struct json_writer *w, const char *name, int64_t value)
{
    if (value > 0)
        json_put_integer(w, name, value);
    else
        json_put_null(w, name);
}

static void put_quantity(struct json_writer *w, const struct offer *offer)
{
    json_open_object(w, "quantity");
    json_put_integer(w, "min", offer->quantity_min);
    json_put_integer(w, "max", offer->quantity_max);
    json_put_integer(w, "step", offer->quantity_step);
    put_positive(w, "min_percent_of_base", offer->min_percent_of_base);
    put_positive(w, "max_percent_of_base", offer->max_percent_of_base);
    json_close_object(w);
}

/* Who can buy it, and where. */
static void put_conditions(struct json_writer *w, const struct offer *offer)
{
    put_ids(w, "connects_to", &offer->connects_to);
    json_open_object(w, "requires");
    put_ids(w, "any_of", &offer->requires_any);
    put_ids(w, "all_of", &offer->requires_all);
    json_close_object(w);
    put_ids(w, "excludes", &offer->excludes);
    put_ids(w, "change_to", &offer->change_to);
    json_put_integer(w, "per_base", offer->per_base);
    put_positive(w, "limit_per_customer", offer->limit_per_customer);
    if (offer->countries != NULL)
        put_words(w, "countries", offer->countries, offer->country_count);
    else
        json_put_null(w, "countries");
    json_open_object(w, "on_sale");
    json_put_day(w, "from", offer->sale_from);
    json_put_day(w, "until", offer->sale_until);
    json_close_object(w);
    json_put_bool(w, "end_of_sale", offer->end_of_sale);
}

static void put_prices(struct json_writer *w, const struct offer *offer)
{
    json_open_array(w, "prices");
    for (size_t i = 0; i < offer->price_count; i++)
        price_write(w, &offer->prices[i]);
    json_close_array(w);
    json_open_array(w, "setup");
    for (size_t i = 0; i < offer->setup_count; i++) {
        const struct setup_price *setup = &offer->setups[i];
        json_put_money(w, NULL, money_of(setup->amount_minor, setup->currency));
    }
    json_close_array(w);
}

static void put_trial(struct json_writer *w, const struct offer *offer)
{
    if (offer->trial_days == 0) {
        json_put_null(w, "trial");
        return;
    }
    json_open_object(w, "trial");
    json_put_integer(w, "days", offer->trial_days);
    json_put_integer(w, "quantity", offer->trial_quantity);
    json_close_object(w);
}

static void put_features(struct json_writer *w, const struct offer *offer)
{
    static const char *const TYPES[] = {
        [FEATURE_SWITCH] = "switch", [FEATURE_LIMIT] = "limit", [FEATURE_QUOTA] = "quota"};
    json_open_array(w, "features");
    for (size_t i = 0; i < offer->feature_count; i++) {
        const struct feature *feature = &offer->features[i];
        json_open_object(w, NULL);
        json_put_text(w, "name", feature->name);
        json_put_text(w, "type", TYPES[feature->type]);
        if (feature->type == FEATURE_SWITCH)
            json_put_null(w, "value");
        else
            json_put_integer(w, "value", feature->value);
        json_put_text(w, "per", feature->per == PER_UNIT ? "unit" : "subscription");
        json_close_object(w);
    }
    json_close_array(w);
}

void offer_encode(struct json_writer *w, const char *name, const struct offer *offer)
{
    static const char *const PRORATIONS[] = {
        [PRORATION_DAY] = "day", [PRORATION_NONE] = "none", [PRORATION_FULL] = "full"};
    json_open_object(w, name);
    json_put_text(w, "id", offer->id);
    json_put_text(w, "object", "offer");
    json_put_text(w, "kind", offer_kind_format(offer->kind));
    put_pair(w, "name", &offer->name);
    put_pair(w, "description", &offer->description);
    json_put_text(w, "category", offer->category);
    json_put_text(w, "unit", offer->unit);
    json_put_text(w, "scope", offer->scope == SCOPE_USER ? "user" : "tenant");
    put_conditions(w, offer);
    put_quantity(w, offer);
    put_prices(w, offer);
    put_trial(w, offer);
    put_features(w, offer);
    json_put_text(w, "tax_category", offer->tax_category);
    json_put_text(w, "proration", PRORATIONS[offer->proration]);
    json_put_integer(w, "grace_days", offer->grace_days);
    json_put_integer(w, "disabled_days", offer->disabled_days);
    json_put_bool(w, "requires_base_license", offer->requires_base_license);
    json_close_object(w);
}
