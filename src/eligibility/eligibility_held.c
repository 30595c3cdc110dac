#include "eligibility/eligibility_held.h"

civil_day judged_start(const struct eligibility_input *input, const struct holding *self)
{
    return self && self->start_on != DAY_NONE ? self->start_on : input->today;
}

/* "In a cart, lines count for each other (a base and its add-ons bought together)" (rules §2);
 * a trial is no more held than a trial running, a later start no more than one scheduled. */
static bool cart_line_is_held(const struct holding *line, civil_day start_on)
{
    return line->status != SUBSCRIPTION_TRIAL && line->start_on <= start_on;
}

bool holding_counts(const struct holding *holding, enum sense sense, civil_day start_on)
{
    if (sense == NOT_DELETED)
        return holding->status != SUBSCRIPTION_DELETED;
    if (holding->in_cart)
        return cart_line_is_held(holding, start_on);
    return holding->status == SUBSCRIPTION_ACTIVE && !holding->past_due;
}

static int compare_names(const void *a, const void *b)
{
    const struct held_item *left = a, *right = b;
    int order = strcmp(left->holding->name, right->holding->name);
    if (order == 0) /* both stand in one array: the same order on every run */
        order = left->holding < right->holding ? -1 : 1;
    return order;
}

static int compare_bases(const void *a, const void *b)
{
    const struct held_item *left = a, *right = b;
    if (left->offer != right->offer)
        return left->offer < right->offer ? -1 : 1;
    return compare_names(a, b);
}

static int compare_child(const struct held_item *child, uint32_t offer, const char *parent)
{
    if (child->offer != offer)
        return child->offer < offer ? -1 : 1;
    return strcmp(child->holding->parent, parent);
}

static int compare_children(const void *a, const void *b)
{
    const struct held_item *right = b;
    return compare_child(a, right->offer, right->holding->parent);
}

/* Sorts; arrays of none or one stay (they may not even exist). */
static void sort_items(struct held_item *items, size_t count,
                       int (*compare)(const void *a, const void *b))
{
    if (count > 1)
        qsort(items, count, sizeof *items, compare);
}

void held_sort_by_name(struct held_item *items, size_t count)
{
    sort_items(items, count, compare_names);
}

/* The place of an offer; the number of offers for one that this version no longer has. */
static uint32_t offer_place(const struct catalog *catalog, const char *id)
{
    const struct offer *offer = catalog_find_offer(catalog, id);
    return (uint32_t)(offer ? offer->index : catalog->offer_count);
}

static bool pays(const struct eligibility_input *input, const struct holding *holding)
{
    return strcmp(holding->account, input->account) == 0;
}

static void count_holding(struct held *held, struct held_item item, bool can_be_base,
                          civil_day start_on)
{
    struct tally *tally = &held->tallies[item.offer];
    bool is_held = holding_counts(item.holding, HELD, start_on);

    tally->customer[NOT_DELETED]++;
    tally->customer[HELD] += is_held;
    tally->seats += is_held ? item.holding->quantity : 0;
    if (can_be_base) {
        tally->as_base[NOT_DELETED]++;
        tally->as_base[HELD] += is_held;
    }
    if (can_be_base && is_held)
        held->bases[held->base_count++] = item;
    if (item.holding->parent)
        held->children[held->child_count++] = item;
}

struct held held_count(struct context *cx, const struct eligibility_input *input,
                       const struct holding *base, const struct holding *self)
{
    size_t count = input->holding_count;
    struct held held = {
        .tallies = ARENA_ARRAY(cx->arena, struct tally, input->catalog->offer_count),
        .bases = ARENA_ARRAY(cx->arena, struct held_item, count),
        .children = ARENA_ARRAY(cx->arena, struct held_item, count),
    };
    civil_day start_on = judged_start(input, self);

    for (size_t i = 0; i < count; i++) {
        const struct holding *holding = &input->holdings[i];
        uint32_t offer = offer_place(input->catalog, holding->offer);
        if (holding == self || !holding_counts(holding, NOT_DELETED, start_on))
            continue;
        if (offer == input->catalog->offer_count) /* no list of this version can name it */
            continue;
        bool can_be_base = (!base || holding == base) && pays(input, holding);
        struct held_item item = {holding, offer};
        count_holding(&held, item, can_be_base, start_on);
    }
    sort_items(held.bases, held.base_count, compare_bases);
    for (size_t i = held.base_count; i > 0; i--)
        held.tallies[held.bases[i - 1].offer].first_base = (uint32_t)(i - 1);
    sort_items(held.children, held.child_count, compare_children);
    return held;
}

int64_t held_on_base(const struct held *held, const struct offer *offer, const struct holding *base)
{
    uint32_t place = (uint32_t)offer->index;
    size_t low = 0, high = held->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_child(&held->children[middle], place, base->subscription) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t count = 0;
    while (low < held->child_count &&
           compare_child(&held->children[low], place, base->subscription) == 0) {
        count++;
        low++;
    }
    return count;
}
