/* Claims on the work that falls due, of nodes that get in each other's way. */
#include "base/limits.h"
#include "customer/customer_store.h"
#include "customer/due_store.h"
#include "support/race_store.h"

enum { CLAIMED_AT_ONCE = 2 };

static void make_due(struct context *cx, int count)
{
    for (int i = 0; i < count; i++) {
        const struct organization organization = {
            .id = arena_print(cx->arena, "org_%d", i),
            .name = "Marsault",
            .country = "FR",
            .clock_at = INSTANT_NONE,
            .now_at = INSTANT_NONE,
            .due_at = STORE_NOW + i,
            .created_at = STORE_NOW,
        };
        assert_int_equal(organization_insert(cx, &organization), OK);
    }
}

static enum err claim(struct context *cx, const char *id, bool after_fault,
                      struct due_customer_list *list)
{
    const struct due_claim claim = {
        .id = id, .until = STORE_NOW + 100, .after_fault = after_fault, .limit = CLAIMED_AT_ONCE};
    *list = (struct due_customer_list){0};
    return due_claim(cx, &claim, list);
}

struct two_claims {
    struct due_customer_list first, second;
};

static enum err claim_first(struct context *cx, void *arg)
{
    struct two_claims *claims = arg;
    return claim(cx, "clm_a", false, &claims->first);
}

static enum err claim_second(struct context *cx, void *arg)
{
    struct two_claims *claims = arg;
    return claim(cx, "clm_b", false, &claims->second);
}

/* Who waits for another node's claim takes the next ones, as long as there are any. */
static void test_two_nodes_claim_at_once(void **state)
{
    static const int CASES[][2] = {{4, 2}, {3, 1}, {2, 0}}; /* due, and left for the second */
    struct store *store = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct two_claims claims;
        struct race race = {.attempt = claim_second, .rival = claim_first, .arg = &claims};
        assert_int_equal(db_run(&store->cx, "DELETE FROM organization", DB_NO_ARGS), OK);
        make_due(&store->cx, CASES[i][0]);
        assert_int_equal(race_run(store, &race), OK);
        assert_int_equal(claims.first.count, CLAIMED_AT_ONCE);
        assert_int_equal(claims.second.count, CASES[i][1]);
        if (claims.second.count > 0)
            assert_string_equal(claims.second.items[0]->id, "org_2");
        race_end(&race);
    }
}

static int64_t failures(struct context *cx, const char *claim)
{
    int64_t count = -1;
    assert_int_equal(db_one_integer(cx, &count,
                                    "SELECT due_failures FROM organization WHERE due_claim = $1",
                                    DB_ARGS(db_text(claim))),
                     OK);
    return count;
}

/* A node that was too slow, and did its work, ends when another has the claim: that one keeps it,
 * and goes down with it as often as counts. */
static void test_a_lost_claim_is_not_given_back(void **state)
{
    struct store *store = *state;
    struct context *cx = &store->cx;
    struct due_customer_list slow, next, third;
    make_due(cx, 1);
    assert_int_equal(claim(cx, "clm_a", false, &slow), OK);
    assert_int_equal(slow.count, 1);
    cx->wall += DUE_LEASE_MS;
    assert_int_equal(claim(cx, "clm_b", true, &next), OK);
    assert_int_equal(next.count, 1);
    assert_int_equal(due_give_back(cx, "clm_a", slow.items[0]), OK);
    assert_int_equal(failures(cx, "clm_b"), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(claim(cx, "clm_c", i > 0, &third), OK);
        assert_int_equal(third.count, 0);
    }
    cx->wall += DUE_LEASE_MS;
    assert_int_equal(claim(cx, "clm_c", true, &third), OK);
    assert_int_equal(third.count, 1);
    assert_int_equal(failures(cx, "clm_c"), DUE_FAILURES_MAX);
    assert_int_equal(due_give_back(cx, "clm_c", third.items[0]), OK);
    assert_int_equal(claim(cx, "clm_d", false, &next), OK); /* all forgotten */
    assert_int_equal(next.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_two_nodes_claim_at_once),
        STORE_TEST(test_a_lost_claim_is_not_given_back),
    };
    return store_run_tests("claims", tests, sizeof tests / sizeof *tests);
}
