#include "eligibility/eligibility_reasons.h"

/* The table of rules §2: a reason, and the code of an order that it refuses. */
static const struct {
    const char *code;
    enum err error;
} REASONS[REASON_COUNT] = {
    [REASON_NOT_ON_SALE] = {"not_on_sale", ERR_OFFER_NOT_AVAILABLE},
    [REASON_COUNTRY] = {"country", ERR_OFFER_COUNTRY},
    [REASON_CURRENCY] = {"currency", ERR_OFFER_CURRENCY},
    [REASON_REQUIRES] = {"requires", ERR_ADDON_PREREQUISITE_MISSING},
    [REASON_BASE_NOT_ACTIVE] = {"base_not_active", ERR_PARENT_NOT_ACTIVE},
    [REASON_PRICE] = {"price", ERR_OFFER_PRICE},
    [REASON_EXCLUDED_BY] = {"excluded_by", ERR_ADDON_EXCLUDED},
    [REASON_LIMIT_PER_CUSTOMER] = {"limit_per_customer", ERR_SUBSCRIPTION_LIMIT},
    [REASON_ALREADY_ON_BASE] = {"already_on_base", ERR_ADDON_ALREADY_ON_BASE},
    [REASON_CHANGE_PENDING] = {"change_pending", ERR_CHANGE_PENDING},
};

const char *reason_code_format(enum reason_code code)
{
    return REASONS[code].code;
}

enum err reason_error(enum reason_code code)
{
    return REASONS[code].error;
}

struct reason_list *reason_list_create(struct context *cx, const struct catalog *catalog)
{
    struct reason_list *list = ARENA_NEW(cx->arena, struct reason_list);
    list->catalog = catalog;
    list->arena = cx->arena;
    return list;
}

void reason_list_clear(struct reason_list *list)
{
    list->count = 0;
    list->offer_count = 0;
}

void reason_add(struct reason_list *list, enum reason_code code)
{
    assert(list->count < REASON_COUNT);
    list->codes[list->count] = code;
    list->first_offer[list->count] = list->offer_count;
    list->count++;
}

static void make_room(struct reason_list *list)
{
    if (list->offer_count < list->capacity)
        return;
    size_t capacity = list->capacity ? list->capacity * 2 : 32;
    uint32_t *offers = ARENA_ARRAY(list->arena, uint32_t, capacity);
    if (list->offer_count > 0)
        memcpy(offers, list->offers, list->offer_count * sizeof *offers);
    list->offers = offers;
    list->capacity = capacity;
}

void reason_name_offer(struct reason_list *list, uint32_t offer)
{
    assert(list->count > 0);
    size_t first = list->first_offer[list->count - 1];
    size_t at = list->offer_count;
    while (at > first && list->offers[at - 1] > offer)
        at--;
    if (at > first && list->offers[at - 1] == offer)
        return;
    make_room(list);
    memmove(&list->offers[at + 1], &list->offers[at],
            (list->offer_count - at) * sizeof *list->offers);
    list->offers[at] = offer;
    list->offer_count++;
}

void reason_list_copy(struct context *cx, const struct reason_list *list,
                      struct availability *answer)
{
    if (list->count == 0)
        return;
    const char **ids = ARENA_ARRAY(cx->arena, const char *, list->offer_count);
    for (size_t i = 0; i < list->offer_count; i++)
        ids[i] = list->catalog->offers[list->offers[i]].id;
    answer->reasons = ARENA_ARRAY(cx->arena, struct reason, list->count);
    answer->reason_codes = ARENA_ARRAY(cx->arena, enum reason_code, list->count);
    for (size_t i = 0; i < list->count; i++) {
        size_t end = i + 1 < list->count ? list->first_offer[i + 1] : list->offer_count;
        answer->reason_codes[i] = list->codes[i];
        answer->reasons[i] = (struct reason){
            .code = REASONS[list->codes[i]].code,
            .offers = &ids[list->first_offer[i]],
            .offer_count = end - list->first_offer[i],
        };
    }
    answer->reason_count = list->count;
}
