/* Licences: requests, who holds what, which are the newest, when a conflict opens; and what a user
 * is entitled to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/assign.h"
#include "license/entitlement.h"
#include "license/license.h"
#include "support/pure.h"

static enum err check(struct context *cx, const char *const *subs, size_t sub_count,
                      const char *const *users, size_t user_count)
{
    struct license_request request = {
        .subscriptions = subs,
        .subscription_count = sub_count,
        .users = users,
        .user_count = user_count,
    };
    fault_clear(cx);
    return license_check_request(cx, &request);
}

static void test_requests(void **state)
{
    (void)state;
    struct context own = pure_context();
    struct context *cx = &own;
    static const char *const SUBS[] = {"sub_1", "sub_2", "sub_1"};
    static const char *const USERS[] = {"ada", "alan", "ada"};
    assert_int_equal(check(cx, SUBS, 2, USERS, 2), OK);
    assert_int_equal(check(cx, SUBS, 1, USERS, 1), OK);
    assert_int_equal(check(cx, SUBS, 2, USERS, 3), ERR_INVALID);
    assert_int_equal(check(cx, SUBS, 3, USERS, 1), ERR_INVALID);
    assert_int_equal(check(cx, SUBS, 1, USERS, 0), ERR_INVALID);
    assert_int_equal(check(cx, SUBS, 0, USERS, 1), ERR_INVALID);
    pure_end(cx);
}

static void test_who_holds_what(void **state)
{
    (void)state;
    struct context own = pure_context();
    struct context *cx = &own;
    struct license licenses[] = {
        {.id = "lic_1", .subscription = "sub_2", .user = "ada", .assigned_at = 5},
        {.id = "lic_3", .subscription = "sub_1", .user = "ada", .assigned_at = 7},
        {.id = "lic_2", .subscription = "sub_1", .user = "alan", .assigned_at = 7},
        {.id = "lic_4",
         .subscription = "sub_1",
         .user = "grace",
         .assigned_at = 9,
         .row = ROW_REMOVED},
    };
    struct license_list list = {0};
    for (size_t i = 0; i < sizeof licenses / sizeof *licenses; i++)
        list_push(cx->arena, &list, &licenses[i]);
    struct license_index index = license_index_build(cx, &list);
    assert_ptr_equal(license_find(&index, "sub_2", "ada"), &licenses[0]);
    assert_ptr_equal(license_find(&index, "sub_1", "ada"), &licenses[1]);
    assert_ptr_equal(license_find(&index, "sub_1", "alan"), &licenses[2]);
    assert_null(license_find(&index, "sub_2", "alan"));
    assert_null(license_find(&index, "sub_1", "grace"));
    license_sort_newest(&list);
    static const char *const NEWEST[] = {"lic_4", "lic_3", "lic_2", "lic_1"};
    for (size_t i = 0; i < list.count; i++)
        assert_string_equal(list.items[i]->id, NEWEST[i]);
    pure_end(cx);
}

/* {quantity and assigned before, after; in conflict since which day: 0 none, 1 the old, 2 today} */
static const struct opening {
    int64_t old_quantity, old_assigned, quantity, assigned;
    int since_before, since_after;
} OPENINGS[] = {
    {5, 5, 5, 5, 0, 0}, {5, 5, 4, 5, 0, 2}, {5, 3, 3, 3, 0, 0},
    {3, 5, 3, 5, 1, 1}, {3, 5, 3, 4, 1, 1}, {3, 5, 3, 3, 1, 0},
    {3, 5, 5, 5, 1, 0}, {3, 5, 2, 5, 1, 2}, {3, 5, 2, 4, 1, 1},
};

static void test_conflicts_open_and_close(void **state)
{
    (void)state;
    struct context own = pure_context();
    struct context *cx = &own;
    enum { OLD = 20000 };
    struct account account = {.id = "acc_1", .time_zone = "UTC", .earn_on = DAY_NONE};
    civil_day today = zone_day("UTC", cx->now);
    const civil_day since[] = {DAY_NONE, OLD, today};
    for (size_t i = 0; i < sizeof OPENINGS / sizeof *OPENINGS; i++) {
        const struct opening *one = &OPENINGS[i];
        struct subscription sub = {.id = "sub_1",
                                   .account = "acc_1",
                                   .quantity = one->quantity,
                                   .assigned = one->assigned,
                                   .conflict_on = since[one->since_before],
                                   .row = ROW_CHANGED};
        struct subscription before = sub;
        before.quantity = one->old_quantity;
        before.assigned = one->old_assigned;
        struct state world = {0};
        struct decision decision = {.before = &before, .before_count = 1};
        list_push(cx->arena, &world.accounts, &account);
        list_push(cx->arena, &world.subscriptions, &sub);
        assign_note_conflicts(cx, &world, &decision);
        assert_int_equal(sub.conflict_on, since[one->since_after]);
        assert_int_equal(world.events.count, one->since_before != one->since_after);
        if (one->since_after == 2)
            assert_int_equal(assign_cut_on(&sub), today + 90);
    }
    pure_end(cx);
}

static void test_entitlements_of_a_user(void **state)
{
    (void)state;
    struct context own = pure_context();
    struct context *cx = &own;
    const struct feature of_people[] = {
        {.name = "mail", .type = FEATURE_SWITCH, .per = PER_UNIT},
        {.name = "space", .type = FEATURE_QUOTA, .value = 10, .per = PER_UNIT}};
    const struct feature of_all[] = {
        {.name = "space", .type = FEATURE_QUOTA, .value = 1, .per = PER_UNIT}};
    const struct offer suite = {
        .id = "suite", .scope = SCOPE_USER, .features = of_people, .feature_count = 2};
    const struct offer storage = {
        .id = "storage", .scope = SCOPE_TENANT, .features = of_all, .feature_count = 1};
    struct entitlement_source sources[] = {
        {.subscription = "sub_1", .offer = &suite, .quantity = 25, .until = DAY_NONE},
        {.subscription = "sub_2", .offer = &storage, .quantity = 100, .until = DAY_NONE},
    };
    assert_int_equal(entitlement_judge(sources, 2, "space").value, 350);
    assert_true(entitlement_is_of_user(&sources[1], false));
    assert_false(entitlement_is_of_user(&sources[0], false));
    assert_true(entitlement_is_of_user(&sources[0], true));
    assert_int_equal(entitlement_judge(sources, 2, "space").value, 110);
    assert_true(entitlement_judge(sources, 2, "mail").entitled);
    assert_false(entitlement_judge(sources + 1, 1, "mail").entitled);
    size_t count;
    /* Base + licences × per licence: of one user's own, the base whole. */
    const struct feature of_both[] = {
        {.name = "space", .type = FEATURE_QUOTA, .value = 1000, .per = PER_SUBSCRIPTION},
        {.name = "space", .type = FEATURE_QUOTA, .value = 50, .per = PER_UNIT},
    };
    const struct offer both = {.id = "both", .features = of_both, .feature_count = 2};
    struct entitlement_source source = {.offer = &both, .quantity = 42, .until = DAY_NONE};
    assert_int_equal(entitlement_judge(&source, 1, "space").value, 3100);
    const char **names = entitlement_names(cx->arena, sources, 2, &count);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "mail");
    assert_string_equal(names[1], "space");
    pure_end(cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_who_holds_what),
        cmocka_unit_test(test_conflicts_open_and_close),
        cmocka_unit_test(test_entitlements_of_a_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
