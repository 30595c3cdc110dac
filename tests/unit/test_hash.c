/* Digests and secrets. */
#include "base/hash.h"

#include <setjmp.h>

#include <cmocka.h>

static int hash_setup(void **state)
{
    (void)state;
    hash_start();
    return 0;
}

/* Published values of BLAKE2b with 32 bytes of digest. */
static void test_known_digests(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } CASES[] = {
        {"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
        {"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[HASH_TEXT_SIZE];
        hash_bytes(CASES[i].text, strlen(CASES[i].text), text);
        assert_string_equal(text, CASES[i].expected);
    }
}

static void test_comparison(void **state)
{
    (void)state;
    assert_true(hash_equal("", ""));
    assert_true(hash_equal("abc", "abc"));
    assert_false(hash_equal("abc", "abd"));
    assert_false(hash_equal("abc", "ab"));
    assert_false(hash_equal("", "a"));
}

static void test_secrets_are_long_plain_and_different(void **state)
{
    (void)state;
    char one[SECRET_TEXT_SIZE];
    char other[SECRET_TEXT_SIZE];
    secret_create(one);
    secret_create(other);
    assert_int_equal(strlen(one), SECRET_TEXT_SIZE - 1);
    assert_int_equal(strspn(one, "0123456789abcdefghjkmnpqrstvwxyz"), SECRET_TEXT_SIZE - 1);
    assert_string_not_equal(one, other);
}

static void test_masked_digests(void **state)
{
    (void)state;
    char hash[HASH_TEXT_SIZE], other[HASH_TEXT_SIZE];
    char one[HASH_MASKED_SIZE], two[HASH_MASKED_SIZE];
    hash_bytes("one", 3, hash);
    hash_bytes("other", 5, other);
    hash_mask(hash, one);
    hash_mask(hash, two);
    assert_string_not_equal(one, two);
    assert_null(strstr(one, hash));
    assert_true(hash_masked_equal(one, hash) && hash_masked_equal(two, hash));
    assert_false(hash_masked_equal(one, other));
    one[100] = one[100] == '0' ? '1' : '0';
    assert_false(hash_masked_equal(one, hash));
    two[HASH_MASKED_SIZE - 2] = 'x';
    const char *const rows[] = {"", hash, "0", two, "zz"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_false(hash_masked_equal(rows[i], hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_digests),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_masked_digests),
        cmocka_unit_test(test_secrets_are_long_plain_and_different),
    };
    return cmocka_run_group_tests(tests, hash_setup, NULL);
}
