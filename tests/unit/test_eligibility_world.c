/* Eligibility against rules §2 told a second time, slowly and straight from its text, on random
 * worlds; and what must hold between its answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/pure.h"
#include "support/retold.h"
#include "support/world.h"

enum { WORLDS = 10000 };

/* On every world ------------------------------------------------------------------------------- */

static void for_each_world(void (*check)(struct context *cx, struct world *world, uint64_t seed))
{
    struct context cx = pure_context();
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        check(&cx, world_create(cx.arena, seed), seed);
        pure_reset(&cx);
    }
    pure_end(&cx);
}

static const char *judge(struct context *cx, const struct question *q)
{
    struct availability answer;
    eligibility_judge(cx, &q->world->input, q->offer, q->base, q->line, &answer);
    return world_print(cx->arena, &answer);
}

static void assert_told(struct context *cx, const struct question *q, const char *answer,
                        uint64_t seed)
{
    const char *told = retold_print(cx->arena, q);
    if (strcmp(told, answer) != 0)
        fail_msg("world %" PRIu64 ", %s: \"%s\", but by the rules \"%s\"", seed, q->offer->id,
                 answer, told);
}

static void check_list(struct context *cx, struct world *world, uint64_t seed)
{
    struct availability *items;
    size_t count;
    eligibility_list(cx, &world->input, &items, &count);
    assert_int_equal(count, world->catalog.offer_count);
    for (size_t i = 0; i < count; i++) {
        struct question q = {.world = world, .offer = &world->offers[i]};
        assert_ptr_equal(items[i].offer, q.offer);
        assert_told(cx, &q, world_print(cx->arena, &items[i]), seed);
    }
}

static void test_list_is_as_told(void **state)
{
    (void)state;
    for_each_world(check_list);
}

static const struct holding *find_parent(const struct world *world, const struct holding *line)
{
    for (size_t i = 0; line->parent && i < world->holding_count; i++)
        if (strcmp(world->holdings[i].subscription, line->parent) == 0)
            return &world->holdings[i];
    return NULL;
}

static void check_lines(struct context *cx, struct world *world, uint64_t seed)
{
    for (size_t i = 0; i < world->holding_count; i++) {
        const struct holding *line = &world->holdings[i];
        struct question q = {
            .world = world,
            .offer = catalog_find_offer(&world->catalog, line->offer),
            .base = find_parent(world, line),
            .line = line,
        };
        if (q.offer && line->in_cart)
            assert_told(cx, &q, judge(cx, &q), seed);
    }
}

static void test_cart_lines_are_as_told(void **state)
{
    (void)state;
    for_each_world(check_lines);
}

/* "Not in the list and refused can never disagree": with each base, and with those left out. */
static void check_bases(struct context *cx, struct world *world, uint64_t seed)
{
    struct availability *items;
    size_t count;
    eligibility_list(cx, &world->input, &items, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < world->holding_count; k++) {
            struct question q = {
                .world = world, .offer = items[i].offer, .base = &world->holdings[k]};
            if (!retold_is_connected(&q))
                continue;
            bool listed = false;
            for (size_t n = 0; n < items[i].connects_to_count; n++)
                listed = listed || items[i].connects_to[n] == q.base;
            const char *answer = judge(cx, &q);
            assert_told(cx, &q, answer, seed);
            assert_int_equal(listed, strncmp(answer, "available", 9) == 0);
        }
    }
}

static void test_list_and_order_agree(void **state)
{
    (void)state;
    for_each_world(check_bases);
}

/* The order in which holdings come means nothing. */
static void shuffle(struct world *world)
{
    for (size_t i = world->holding_count; i > 1; i--) {
        size_t k = world_pick(world, i);
        struct holding kept = world->holdings[i - 1];
        world->holdings[i - 1] = world->holdings[k];
        world->holdings[k] = kept;
    }
}

static const char **print_list(struct context *cx, const struct world *world)
{
    struct availability *items;
    size_t count;
    eligibility_list(cx, &world->input, &items, &count);
    const char **texts = ARENA_ARRAY(cx->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        texts[i] = world_print(cx->arena, &items[i]);
    return texts;
}

static void check_order(struct context *cx, struct world *world, uint64_t seed)
{
    (void)seed;
    const char **before = print_list(cx, world);
    shuffle(world);
    const char **after = print_list(cx, world);
    for (size_t i = 0; i < world->catalog.offer_count; i++)
        assert_string_equal(before[i], after[i]);
}

static void test_order_of_holdings_means_nothing(void **state)
{
    (void)state;
    for_each_world(check_order);
}

/* A cart of lines that start today, judged line by line and accepted, leaves a customer who
 * keeps every rule: nothing excluded beside it, no limit passed, what is required held. */
static bool is_accepted(struct context *cx, const struct world *world)
{
    bool any = false;
    for (size_t i = 0; i < world->holding_count; i++) {
        const struct holding *line = &world->holdings[i];
        const struct offer *offer = catalog_find_offer(&world->catalog, line->offer);
        if (!line->in_cart)
            continue;
        struct question q = {world, offer, find_parent(world, line), line};
        if (!offer || (retold_is_connected(&q) && !q.base) || line->status == SUBSCRIPTION_TRIAL ||
            line->start_on > world->input.today || strncmp(judge(cx, &q), "available", 9) != 0)
            return false;
        any = true;
    }
    return any;
}

static size_t carts_accepted;

static void check_bought(const struct world *world, const struct holding *bought)
{
    const struct offer *offer = catalog_find_offer(&world->catalog, bought->offer);
    struct question q = {.world = world, .offer = offer};
    for (size_t i = 0; i < offer->excludes.count; i++)
        assert_false(retold_has(&q, offer->excludes.items[i], false));
    if (offer->limit_per_customer > 0)
        assert_true((int64_t)retold_count(&q, NULL) <= offer->limit_per_customer);
    assert_true(retold_any_of_is_met(&q, true) && retold_all_of_is_met(&q, true));
    if (!retold_is_connected(&q))
        return;
    const struct holding *base = find_parent(world, bought);
    assert_true(retold_could_be_base(&q, base, true));
    assert_true((int64_t)retold_count(&q, base->subscription) <= offer->per_base);
    assert_true(retold_has_price(&q, base));
}

static void check_cart(struct context *cx, struct world *world, uint64_t seed)
{
    (void)seed;
    if (!is_accepted(cx, world))
        return;
    carts_accepted++;
    bool bought[64] = {0};
    for (size_t i = 0; i < world->holding_count; i++) {
        bought[i] = world->holdings[i].in_cart;
        world->holdings[i].in_cart = false;
    }
    for (size_t i = 0; i < world->holding_count; i++)
        if (bought[i])
            check_bought(world, &world->holdings[i]);
}

static void test_accepted_carts_keep_the_rules(void **state)
{
    (void)state;
    carts_accepted = 0;
    for_each_world(check_cart);
    assert_true(carts_accepted > WORLDS / 100); /* else it has shown nothing */
}

/* Every reason must come up often, or the worlds show nothing. */
static size_t seen[REASON_COUNT], seen_available;

static void check_seen(struct context *cx, struct world *world, uint64_t seed)
{
    (void)seed;
    struct availability *items;
    size_t count;
    eligibility_list(cx, &world->input, &items, &count);
    for (size_t i = 0; i < count; i++) {
        seen_available += items[i].available && items[i].connects_to_count > 0;
        for (size_t k = 0; k < items[i].reason_count; k++)
            seen[items[i].reason_codes[k]]++;
    }
}

static void test_worlds_show_everything(void **state)
{
    (void)state;
    for_each_world(check_seen);
    for (size_t i = 0; i < REASON_COUNT; i++)
        if (seen[i] < WORLDS / 50)
            fail_msg("%s was seen %zu times only", reason_code_format((enum reason_code)i),
                     seen[i]);
    assert_true(seen_available > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_is_as_told),
        cmocka_unit_test(test_cart_lines_are_as_told),
        cmocka_unit_test(test_list_and_order_agree),
        cmocka_unit_test(test_order_of_holdings_means_nothing),
        cmocka_unit_test(test_accepted_carts_keep_the_rules),
        cmocka_unit_test(test_worlds_show_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
