/* What makes a catalogue of offers that are good each for itself (rules §1, "Refused"): that
 * they know each other, that no condition goes round in a circle, and that each can be bought. */
#include "catalog/catalog_reader.h"

enum { PLACE_SIZE = 128 };

struct checker {
    struct catalog_reader *in;
    const struct catalog *catalog;
    bool *needed;              /* per offer: it must be held by whoever buys the present one */
    unsigned char *visit;      /* per offer: how far the search for circles has come */
    const struct offer **path; /* the search's way to the present offer */
    size_t path_length;
};

/* Notes a fault of the offer at one of its members, "" for the offer itself. */
[[gnu::format(printf, 4, 5)]] static void refuse(struct checker *check, const struct offer *offer,
                                                 const char *member, const char *format, ...)
{
    char place[PLACE_SIZE];
    char reason[1024];
    snprintf(place, sizeof(place), "offers/%zu%s%s", offer->index, member[0] ? "/" : "", member);
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    check->in->section = SECTION_FIRST_OFFER + offer->index;
    check->in->offer = offer_id_is_good(offer->id) ? offer->id : NULL;
    catalog_refuse(check->in, place, "%s", reason);
}

/* Something was refused already: a second fault that only follows from the first helps nobody. */
static bool is_faulty(const struct checker *check, const struct offer *offer)
{
    return check->in->is_faulty[offer->index];
}

/* NULL for an id that no offer has. */
static const struct offer *offer_of(const struct checker *check, const struct offer_ids *ids,
                                    size_t i)
{
    return ids->indexes[i] == OFFER_UNKNOWN ? NULL : &check->catalog->offers[ids->indexes[i]];
}

/* Ids ----------------------------------------------------------------------------------------- */

static void check_ids_are_unique(struct checker *check)
{
    const struct catalog *catalog = check->catalog;
    for (size_t i = 1; i < catalog->offer_count; i++) {
        const struct offer *first = &catalog->offers[catalog->by_id[i - 1]];
        const struct offer *second = &catalog->offers[catalog->by_id[i]];
        if (second->id[0] != '\0' && strcmp(first->id, second->id) == 0)
            refuse(check, second, "id", "offers/%zu has this id already", first->index);
    }
}

static void check_references(struct checker *check, const struct offer *offer, const char *member,
                             const struct offer_ids *ids, bool may_be_itself)
{
    for (size_t i = 0; i < ids->count; i++) {
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "%s/%zu", member, i);
        const struct offer *other = offer_of(check, ids, i);
        if (other == NULL)
            refuse(check, offer, place, "no offer has the id \"%s\"", ids->items[i]);
        else if (other == offer && !may_be_itself)
            refuse(check, offer, place, "must not be the offer itself");
    }
}

/* Kinds --------------------------------------------------------------------------------------- */

static void check_connections(struct checker *check, const struct offer *offer)
{
    const struct offer_ids *ids = &offer->connects_to;
    bool is_traditional = offer->kind == OFFER_TRADITIONAL_ADDON;
    if (is_traditional && ids->count == 0)
        refuse(check, offer, "connects_to", "is required: a traditional add-on connects to bases");
    if (!is_traditional && ids->count > 0)
        refuse(check, offer, "connects_to", "is for traditional add-ons only");
    for (size_t i = 0; is_traditional && i < ids->count; i++) {
        const struct offer *base = offer_of(check, ids, i);
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "connects_to/%zu", i);
        if (base && base->kind != OFFER_BASE && !is_faulty(check, base))
            refuse(check, offer, place, "%s is not a base", base->id);
    }
}

/* A plan change keeps the kind, and a traditional add-on has none of its own (rules §3). */
static void check_changes(struct checker *check, const struct offer *offer)
{
    const struct offer_ids *ids = &offer->change_to;
    if (offer->kind == OFFER_TRADITIONAL_ADDON && ids->count > 0) {
        refuse(check, offer, "change_to", "is not for traditional add-ons");
        return;
    }
    for (size_t i = 0; i < ids->count; i++) {
        const struct offer *other = offer_of(check, ids, i);
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "change_to/%zu", i);
        if (other && other->kind != offer->kind && !is_faulty(check, other))
            refuse(check, offer, place, "%s is a %s, not a %s", other->id,
                   offer_kind_format(other->kind), offer_kind_format(offer->kind));
    }
}

static void check_kind(struct checker *check, const struct offer *offer)
{
    bool has_percent = offer->min_percent_of_base != 0 || offer->max_percent_of_base != 0;
    bool has_base =
        offer->connects_to.count + offer->requires_any.count + offer->requires_all.count > 0;
    check_connections(check, offer);
    check_changes(check, offer);
    if (offer->kind == OFFER_TRADITIONAL_ADDON && offer->trial_days > 0)
        refuse(check, offer, "trial", "is not for traditional add-ons");
    if (has_percent && !has_base)
        refuse(check, offer, "quantity",
               "a percentage of the base needs connects_to or requires to say which base");
    if (offer->requires_base_license && (offer->scope != SCOPE_USER || !has_base))
        refuse(check, offer, "requires_base_license",
               "is for offers of user scope that connect to or require another");
}

/* Circles ------------------------------------------------------------------------------------- */

enum { NOT_VISITED, ON_PATH, VISITED };

static void tell_circle(struct checker *check, const struct offer *offer, const char *member,
                        const struct offer *start)
{
    struct buf way = buf_create(check->in->arena);
    size_t i = 0;
    while (check->path[i] != start)
        i++;
    for (; i < check->path_length; i++)
        buf_print(&way, "%s requires ", check->path[i]->id);
    refuse(check, offer, member, "goes round in a circle: %s%s", buf_text(&way), start->id);
}

static void visit(struct checker *check, const struct offer *offer);

static void visit_list(struct checker *check, const struct offer *offer, const char *member,
                       const struct offer_ids *ids)
{
    for (size_t i = 0; i < ids->count; i++) {
        const struct offer *other = offer_of(check, ids, i);
        char place[PLACE_SIZE];
        snprintf(place, sizeof(place), "%s/%zu", member, i);
        if (other && check->visit[other->index] == ON_PATH)
            tell_circle(check, offer, place, other);
        else if (other && check->visit[other->index] == NOT_VISITED)
            visit(check, other);
    }
}

/* Depth first; as deep as the longest chain of conditions, at most OFFERS_MAX. */
static void visit(struct checker *check, const struct offer *offer)
{
    check->visit[offer->index] = ON_PATH;
    check->path[check->path_length++] = offer;
    visit_list(check, offer, "requires/any_of", &offer->requires_any);
    visit_list(check, offer, "requires/all_of", &offer->requires_all);
    check->path_length--;
    check->visit[offer->index] = VISITED;
}

static void check_circles(struct checker *check)
{
    for (size_t i = 0; i < check->catalog->offer_count; i++) {
        if (check->visit[i] == NOT_VISITED)
            visit(check, &check->catalog->offers[i]);
    }
}

/* Can it be bought? --------------------------------------------------------------------------- */

/* Marks what must be held by whoever holds the offer: all of all_of, and where there is only one
 * choice, that one; and so on from there. */
static void mark_needed(struct checker *check, const struct offer *offer)
{
    if (check->needed[offer->index])
        return;
    check->needed[offer->index] = true;
    const struct offer_ids *lists[] = {&offer->requires_all, &offer->requires_any,
                                       &offer->connects_to};
    for (size_t l = 0; l < 3; l++) {
        bool is_choice = l > 0 && lists[l]->count > 1;
        for (size_t i = 0; i < lists[l]->count && !is_choice; i++) {
            const struct offer *other = offer_of(check, lists[l], i);
            if (other)
                mark_needed(check, other);
        }
    }
}

/* Either may say that they exclude each other. */
static bool excludes(const struct offer *a, const struct offer *b)
{
    return offer_ids_have(&a->excludes, b->id) || offer_ids_have(&b->excludes, a->id);
}

/* What must be held excludes something else that must be held, or the offer itself. */
static bool check_needed(struct checker *check, const struct offer *offer)
{
    const struct catalog *catalog = check->catalog;
    for (size_t i = 0; i < catalog->offer_count; i++) {
        const struct offer *one = &catalog->offers[i];
        for (size_t k = 0; check->needed[i] && k < one->excludes.count; k++) {
            const struct offer *other = offer_of(check, &one->excludes, k);
            if (other == NULL || other == one || !check->needed[other->index])
                continue;
            if (one == offer || other == offer)
                refuse(check, offer, "excludes",
                       "it can never be bought: it requires %s, and %s "
                       "excludes %s",
                       one == offer ? other->id : one->id, one->id, other->id);
            else
                refuse(check, offer, "requires",
                       "it can never be bought: it requires %s and %s, "
                       "which exclude each other",
                       one->id, other->id);
            return false;
        }
    }
    return true;
}

/* Every choice is excluded by the offer. */
static void check_choices(struct checker *check, const struct offer *offer, const char *member,
                          const struct offer_ids *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        const struct offer *choice = offer_of(check, choices, i);
        if (choice == NULL || !excludes(offer, choice))
            return;
    }
    if (choices->count > 0)
        refuse(check, offer, member, "it can never be bought: it excludes each of them");
}

/* A traditional add-on has its base's currency, term and billing (rules §3). */
static bool has_price_with(const struct offer *offer, const struct offer *base)
{
    for (size_t i = 0; i < offer->price_count; i++) {
        const struct price *price = &offer->prices[i];
        if (offer_find_price(base, price->currency, price->term, price->billing))
            return true;
    }
    return false;
}

static void check_base_prices(struct checker *check, const struct offer *offer)
{
    const struct offer_ids *ids = &offer->connects_to;
    for (size_t i = 0; i < ids->count; i++) {
        const struct offer *base = offer_of(check, ids, i);
        if (base == NULL || is_faulty(check, base) || has_price_with(offer, base))
            return;
    }
    refuse(check, offer, "prices",
           "it can never be bought: no price has the currency, term and billing of a price of a "
           "base in connects_to");
}

static void check_can_be_bought(struct checker *check, const struct offer *offer)
{
    memset(check->needed, 0, check->catalog->offer_count * sizeof(*check->needed));
    mark_needed(check, offer);
    if (check_needed(check, offer)) {
        check_choices(check, offer, "requires/any_of", &offer->requires_any);
        check_choices(check, offer, "connects_to", &offer->connects_to);
    }
    if (offer->kind == OFFER_TRADITIONAL_ADDON && !is_faulty(check, offer))
        check_base_prices(check, offer);
}

void catalog_check(struct catalog_reader *in, const struct catalog *catalog)
{
    size_t count = catalog->offer_count;
    struct checker check = {
        .in = in,
        .catalog = catalog,
        .needed = ARENA_ARRAY(in->cx->arena, bool, count),
        .visit = ARENA_ARRAY(in->cx->arena, unsigned char, count),
        .path = ARENA_ARRAY(in->cx->arena, const struct offer *, count),
    };
    check_ids_are_unique(&check);
    for (size_t i = 0; i < count; i++) {
        const struct offer *offer = &catalog->offers[i];
        bool is_whole = !is_faulty(&check, offer);
        check_references(&check, offer, "connects_to", &offer->connects_to, true);
        check_references(&check, offer, "requires/any_of", &offer->requires_any, true);
        check_references(&check, offer, "requires/all_of", &offer->requires_all, true);
        check_references(&check, offer, "excludes", &offer->excludes, false);
        check_references(&check, offer, "change_to", &offer->change_to, false);
        if (is_whole)
            check_kind(&check, offer);
    }
    check_circles(&check);
    for (size_t i = 0; i < count; i++) {
        if (!is_faulty(&check, &catalog->offers[i]))
            check_can_be_bought(&check, &catalog->offers[i]);
    }
}
