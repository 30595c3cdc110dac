#include "catalog/catalog_members.h"

#include "base/limits.h"

enum { PERCENT_DECIMALS = 6 };

static void write_id(struct json_writer *w, const struct offer *offer)
{
    json_put_text(w, "id", offer->id);
}

static void write_kind(struct json_writer *w, const struct offer *offer)
{
    json_put_text(w, "kind", offer_kind_format(offer->kind));
}

static void write_pair(struct json_writer *w, const char *name, const struct text_pair *pair)
{
    if (pair->en[0] == '\0')
        return;
    json_open_object(w, name);
    json_put_text(w, "en", pair->en);
    json_put_text(w, "fr", pair->fr);
    json_close_object(w);
}

static void write_name(struct json_writer *w, const struct offer *offer)
{
    write_pair(w, "name", &offer->name);
}

static void write_description(struct json_writer *w, const struct offer *offer)
{
    write_pair(w, "description", &offer->description);
}

static void write_unit(struct json_writer *w, const struct offer *offer)
{
    json_put_text(w, "unit", offer->unit);
}

static void write_scope(struct json_writer *w, const struct offer *offer)
{
    bool is_user_unit = strcmp(offer->unit, "user") == 0;
    if ((offer->scope == SCOPE_USER) != is_user_unit)
        json_put_text(w, "scope", offer->scope == SCOPE_USER ? "user" : "tenant");
}

static void write_words(struct json_writer *w, const char *name, const char *const *words,
                        size_t count)
{
    if (count == 0)
        return;
    json_open_array(w, name);
    for (size_t i = 0; i < count; i++)
        json_put_text(w, NULL, words[i]);
    json_close_array(w);
}

static void write_ids(struct json_writer *w, const char *name, const struct offer_ids *ids)
{
    write_words(w, name, ids->items, ids->count);
}

static void write_unless(struct json_writer *w, const char *name, int64_t value,
                         int64_t default_value)
{
    if (value != default_value)
        json_put_integer(w, name, value);
}

static void write_connects_to(struct json_writer *w, const struct offer *offer)
{
    write_ids(w, "connects_to", &offer->connects_to);
}

static void write_per_base(struct json_writer *w, const struct offer *offer)
{
    write_unless(w, "per_base", offer->per_base, 1);
}

static void write_quantity(struct json_writer *w, const struct offer *offer)
{
    if (offer->quantity_min == 1 && offer->quantity_max == QUANTITY_MAX &&
        offer->quantity_step == 1 && offer->min_percent_of_base == 0 &&
        offer->max_percent_of_base == 0)
        return;
    json_open_object(w, "quantity");
    write_unless(w, "min", offer->quantity_min, 1);
    write_unless(w, "max", offer->quantity_max, QUANTITY_MAX);
    write_unless(w, "step", offer->quantity_step, 1);
    write_unless(w, "min_percent_of_base", offer->min_percent_of_base, 0);
    write_unless(w, "max_percent_of_base", offer->max_percent_of_base, 0);
    json_close_object(w);
}

static void write_feature(struct json_writer *w, const struct feature *feature,
                          enum offer_scope scope)
{
    static const char *const types[] = {"switch", "limit", "quota"};
    bool is_per_unit = feature->per == PER_UNIT;
    bool is_per_unit_by_default = scope == SCOPE_USER || feature->type == FEATURE_QUOTA;
    json_open_object(w, NULL);
    json_put_text(w, "name", feature->name);
    json_put_text(w, "type", types[feature->type]);
    if (feature->type != FEATURE_SWITCH)
        json_put_integer(w, "value", feature->value);
    if (is_per_unit != is_per_unit_by_default)
        json_put_text(w, "per", is_per_unit ? "unit" : "subscription");
    json_close_object(w);
}

static void write_features(struct json_writer *w, const struct offer *offer)
{
    if (offer->feature_count == 0)
        return;
    json_open_array(w, "features");
    for (size_t i = 0; i < offer->feature_count; i++)
        write_feature(w, &offer->features[i], offer->scope);
    json_close_array(w);
}

static void write_trial(struct json_writer *w, const struct offer *offer)
{
    if (offer->trial_days == 0)
        return;
    json_open_object(w, "trial");
    json_put_integer(w, "days", offer->trial_days);
    json_put_integer(w, "quantity", offer->trial_quantity);
    json_close_object(w);
}

static void write_change_to(struct json_writer *w, const struct offer *offer)
{
    write_ids(w, "change_to", &offer->change_to);
}

static void write_requires(struct json_writer *w, const struct offer *offer)
{
    if (offer->requires_any.count == 0 && offer->requires_all.count == 0)
        return;
    json_open_object(w, "requires");
    write_ids(w, "all_of", &offer->requires_all);
    write_ids(w, "any_of", &offer->requires_any);
    json_close_object(w);
}

static void write_excludes(struct json_writer *w, const struct offer *offer)
{
    write_ids(w, "excludes", &offer->excludes);
}

static void write_limit_per_customer(struct json_writer *w, const struct offer *offer)
{
    write_unless(w, "limit_per_customer", offer->limit_per_customer, 0);
}

static void write_countries(struct json_writer *w, const struct offer *offer)
{
    write_words(w, "countries", offer->countries, offer->country_count);
}

static void write_on_sale(struct json_writer *w, const struct offer *offer)
{
    if (offer->sale_from == DAY_NONE && offer->sale_until == DAY_NONE)
        return;
    json_open_object(w, "on_sale");
    if (offer->sale_from != DAY_NONE)
        json_put_day(w, "from", offer->sale_from);
    if (offer->sale_until != DAY_NONE)
        json_put_day(w, "until", offer->sale_until);
    json_close_object(w);
}

static void write_end_of_sale(struct json_writer *w, const struct offer *offer)
{
    if (offer->end_of_sale)
        json_put_bool(w, "end_of_sale", true);
}

static void write_tax_category(struct json_writer *w, const struct offer *offer)
{
    if (strcmp(offer->tax_category, TAX_CATEGORY_DEFAULT) != 0)
        json_put_text(w, "tax_category", offer->tax_category);
}

static void write_proration(struct json_writer *w, const struct offer *offer)
{
    static const char *const words[] = {"day", "none", "full"};
    if (offer->proration != PRORATION_DAY)
        json_put_text(w, "proration", words[offer->proration]);
}

static void write_grace_days(struct json_writer *w, const struct offer *offer)
{
    write_unless(w, "grace_days", offer->grace_days, GRACE_DAYS_DEFAULT);
}

static void write_disabled_days(struct json_writer *w, const struct offer *offer)
{
    write_unless(w, "disabled_days", offer->disabled_days, DISABLED_DAYS_DEFAULT);
}

static void write_requires_base_license(struct json_writer *w, const struct offer *offer)
{
    if (offer->requires_base_license)
        json_put_bool(w, "requires_base_license", true);
}

static void write_category(struct json_writer *w, const struct offer *offer)
{
    if (offer->category[0] != '\0')
        json_put_text(w, "category", offer->category);
}

static void write_setup(struct json_writer *w, const struct offer *offer)
{
    if (offer->setup_count == 0)
        return;
    json_open_array(w, "setup");
    for (size_t i = 0; i < offer->setup_count; i++) {
        json_open_object(w, NULL);
        json_put_text(w, "currency", offer->setups[i].currency);
        json_put_integer(w, "amount", offer->setups[i].amount_minor);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_prices(struct json_writer *w, const struct offer *offer)
{
    json_open_array(w, "prices");
    for (size_t i = 0; i < offer->price_count; i++)
        price_write(w, &offer->prices[i]);
    json_close_array(w);
}

static void write_tiers(struct json_writer *w, const struct price *price)
{
    json_open_object(w, "tiers");
    json_put_text(w, "mode", price->tier_mode == TIER_GRADUATED ? "graduated" : "volume");
    json_open_array(w, "steps");
    for (size_t i = 0; i < price->tier_count; i++) {
        json_open_object(w, NULL);
        if (i + 1 < price->tier_count)
            json_put_integer(w, "up_to", price->tiers[i].up_to);
        json_put_unit_price(w, "unit_amount", price->tiers[i].unit);
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

void price_write(struct json_writer *w, const struct price *price)
{
    json_open_object(w, NULL);
    json_put_text(w, "currency", price->currency);
    json_put_text(w, "term", term_format(price->term));
    json_put_text(w, "billing", billing_format(price->billing));
    if (price->tier_mode == TIER_NONE)
        json_put_unit_price(w, "unit_amount", price->unit);
    else
        write_tiers(w, price);
    json_close_object(w);
}

void tax_rate_write(struct json_writer *w, const struct tax_rate *rate)
{
    char percent[DECIMAL_SIZE];
    decimal_format(rate->percent_micros, PERCENT_DECIMALS, percent);
    json_open_object(w, NULL);
    json_put_text(w, "country", rate->country);
    json_put_text(w, "category", rate->category);
    json_put_text(w, "percent", percent);
    json_put_day(w, "from", rate->from_on);
    json_close_object(w);
}

const struct offer_member OFFER_MEMBERS[] = {
    {"id", write_id},
    {"kind", write_kind},
    {"name", write_name},
    {"description", write_description},
    {"unit", write_unit},
    {"scope", write_scope},
    {"connects_to", write_connects_to},
    {"per_base", write_per_base},
    {"quantity", write_quantity},
    {"features", write_features},
    {"trial", write_trial},
    {"change_to", write_change_to},
    {"requires", write_requires},
    {"excludes", write_excludes},
    {"limit_per_customer", write_limit_per_customer},
    {"countries", write_countries},
    {"on_sale", write_on_sale},
    {"end_of_sale", write_end_of_sale},
    {"tax_category", write_tax_category},
    {"proration", write_proration},
    {"grace_days", write_grace_days},
    {"disabled_days", write_disabled_days},
    {"requires_base_license", write_requires_base_license},
    {"category", write_category},
    {"setup", write_setup},
    {"prices", write_prices},
    {NULL, NULL},
};
