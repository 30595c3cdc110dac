/* Eligibility against rules §2 told a second time, slowly and straight from its text, on random
 * worlds; and what must hold between its answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/message.h"
#include "eligibility/eligibility_json.h"
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

/* What a caller of the API can read from the answer, in the words of world_print. */
static void read_choices(struct json_reader *r, struct buf *buf, const struct world *world)
{
    struct json_reader quantity, price;
    const char *id = NULL;
    const char *separator = "";
    size_t count;
    bool present;
    int64_t number = 0;
    buf_add_text(buf, "available [");
    assert_int_equal(json_array(r, "connects_to", REQUIRED, 1000, &count), OK);
    for (size_t i = 0; i < count; i++, separator = " ") {
        assert_int_equal(json_array_text(r, "connects_to", i, &id), OK);
        for (size_t k = 0; k < world->holding_count; k++)
            if (strcmp(world->holdings[k].subscription, id) == 0)
                buf_print(buf, "%s%s", separator, world->holdings[k].name);
    }
    assert_int_equal(json_object(r, "quantity", REQUIRED, &quantity, &present), OK);
    assert_int_equal(json_integer(&quantity, "min", REQUIRED, 0, INT64_MAX, &number), OK);
    buf_print(buf, "] %" PRId64, number);
    assert_int_equal(json_integer(&quantity, "max", REQUIRED, 0, INT64_MAX, &number), OK);
    buf_print(buf, "..%" PRId64, number);
    assert_int_equal(json_integer(&quantity, "step", REQUIRED, 0, INT64_MAX, &number), OK);
    buf_print(buf, "/%" PRId64, number);
    assert_int_equal(json_array(r, "prices", REQUIRED, 1000, &count), OK);
    for (size_t i = 0; i < count; i++) {
        const char *term = NULL, *billing = NULL;
        assert_int_equal(json_array_object(r, "prices", i, &price), OK);
        assert_int_equal(json_text(&price, "term", REQUIRED, &term), OK);
        assert_int_equal(json_text(&price, "billing", REQUIRED, &billing), OK);
        buf_print(buf, " %s/%s", term, billing);
    }
}

/* What is not available offers nothing to choose, and says each reason in the person's words. */
static void read_reasons(struct json_reader *r, struct buf *buf)
{
    struct json_reader reason;
    size_t count, offer_count;
    const char *text = NULL;
    assert_int_equal(json_array(r, "reasons", REQUIRED, 1000, &count), OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(json_array_object(r, "reasons", i, &reason), OK);
        assert_int_equal(json_text(&reason, "code", REQUIRED, &text), OK);
        buf_print(buf, "%s%s", i > 0 ? " " : "", text);
        assert_int_equal(json_array(&reason, "offers", REQUIRED, 1000, &offer_count), OK);
        for (size_t k = 0; k < offer_count; k++) {
            assert_int_equal(json_array_text(&reason, "offers", k, &text), OK);
            buf_print(buf, "%s%s", k > 0 ? "," : "(", text);
        }
        buf_add_text(buf, offer_count > 0 ? ")" : "");
        assert_int_equal(json_text(&reason, "detail", REQUIRED, &text), OK);
        assert_true(text[0] != '\0' && strncmp(text, "reason.", 7) != 0);
    }
}

static const char *read_answer(struct context *cx, const struct world *world, const char *json)
{
    struct json_reader r;
    struct buf buf = buf_create(cx->arena);
    bool available = false;
    size_t count = 1;
    assert_int_equal(json_open(cx, &r, json, strlen(json)), OK);
    assert_int_equal(json_bool(&r, "available", REQUIRED, &available), OK);
    if (available) {
        read_choices(&r, &buf, world);
    } else {
        assert_false(json_has(&r, "quantity"));
        assert_int_equal(json_array(&r, "connects_to", REQUIRED, 0, &count), OK);
        assert_int_equal(json_array(&r, "prices", REQUIRED, 0, &count), OK);
    }
    read_reasons(&r, &buf);
    return buf_text(&buf);
}

static void check_encoded(struct context *cx, struct world *world, uint64_t seed)
{
    struct availability *items;
    size_t count;
    cx->language = seed % 2 ? "fr" : "en";
    eligibility_list(cx, &world->input, &items, &count);
    for (size_t i = 0; i < count; i++) {
        struct question q = {.world = world, .offer = &world->offers[i]};
        struct json_writer w = json_begin(cx->arena);
        availability_encode(cx, &w, &items[i]);
        assert_told(cx, &q, read_answer(cx, world, json_end(&w)), seed);
    }
}

static void test_what_is_sent_is_as_told(void **state)
{
    (void)state;
    message_start();
    for_each_world(check_encoded);
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
        cmocka_unit_test(test_what_is_sent_is_as_told),
        cmocka_unit_test(test_cart_lines_are_as_told),
        cmocka_unit_test(test_list_and_order_agree),
        cmocka_unit_test(test_order_of_holdings_means_nothing),
        cmocka_unit_test(test_accepted_carts_keep_the_rules),
        cmocka_unit_test(test_worlds_show_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
