/* What a service says of a VAT number (tax/vat_check.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/pure.h"
#include "tax/vat_check.h"

static const struct vat_question QUESTION = {.vat_id = "DE136695976", .requester = "FR40303265045"};

static void test_question(void **state)
{
    (void)state;
    static const struct {
        struct vat_question question;
        const char *body;
    } ROWS[] = {
        {{"DE136695976", "FR40303265045"},
         "{\"countryCode\":\"DE\",\"vatNumber\":\"136695976\","
         "\"requesterMemberStateCode\":\"FR\",\"requesterNumber\":\"40303265045\"}"},
        {{"EL094259216", ""}, "{\"countryCode\":\"EL\",\"vatNumber\":\"094259216\"}"},
        {{"EL094259216", NULL}, "{\"countryCode\":\"EL\",\"vatNumber\":\"094259216\"}"},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_string_equal(vat_question_encode(&cx, &ROWS[i].question), ROWS[i].body);
    pure_end(&cx);
}

#define ABOUT "\"countryCode\":\"DE\",\"vatNumber\":\"136695976\","

static void test_replies(void **state)
{
    (void)state;
    static const struct {
        int64_t status;
        const char *body;
        enum vat_answer answer;
        const char *proof, *trader, *reason; /* "": none */
    } ROWS[] = {
        {200,
         "{" ABOUT "\"requestDate\":\"2026-01-13\",\"valid\":true,\"requestIdentifier\":"
         "\"WAPIAAAAX1\",\"name\":\"Lindenhof\",\"address\":\"Berlin\"}",
         VAT_VALID, "WAPIAAAAX1", "Lindenhof", ""},
        {200, "{" ABOUT "\"valid\":true,\"requestIdentifier\":\"\",\"name\":\"---\"}", VAT_VALID,
         "", "", ""},
        {200, "{" ABOUT "\"valid\":false,\"requestIdentifier\":null}", VAT_INVALID, "", "", ""},
        {200, "{" ABOUT "\"valid\":false,\"userError\":\"INVALID\"}", VAT_INVALID, "", "", ""},
        {200, "{" ABOUT "\"valid\":false,\"userError\":\"MS_UNAVAILABLE\"}", VAT_UNKNOWN, "", "",
         "MS_UNAVAILABLE"},
        {200, "{\"actionSucceed\":false,\"errorWrappers\":[{\"error\":\"MS_UNAVAILABLE\"}]}",
         VAT_UNKNOWN, "", "", "MS_UNAVAILABLE"},
        {200, "{\"errorWrappers\":[]}", VAT_UNKNOWN, "", "", "malformed"},
        {200, "{\"countryCode\":\"DE\",\"vatNumber\":\"136695977\",\"valid\":false}", VAT_UNKNOWN,
         "", "", "other_number"},
        {200, "{\"countryCode\":\"DEX\",\"vatNumber\":\"136695976\",\"valid\":true}", VAT_UNKNOWN,
         "", "", "other_number"},
        {200, "{" ABOUT "\"valid\":\"true\"}", VAT_UNKNOWN, "", "", "malformed"},
        {200, "{\"valid\":true}", VAT_UNKNOWN, "", "", "malformed"},
        {200, "{" ABOUT "\"valid\":true", VAT_UNKNOWN, "", "", "malformed"},
        {200, "<html>", VAT_UNKNOWN, "", "", "malformed"},
        {200, "", VAT_UNKNOWN, "", "", "malformed"},
        {200, "null", VAT_UNKNOWN, "", "", "malformed"},
        {503, "{" ABOUT "\"valid\":true}", VAT_UNKNOWN, "", "", "http_503"},
        {302, "", VAT_UNKNOWN, "", "", "http_302"},
    };
    struct context cx = pure_context();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const char *body = ROWS[i].body;
        struct vat_reply reply =
            vat_reply_decode(&cx, &QUESTION, ROWS[i].status, body, strlen(body));
        if (reply.answer != ROWS[i].answer)
            fail_msg("row %zu: %s", i, vat_answer_format(reply.answer));
        assert_string_equal(reply.proof ? reply.proof : "", ROWS[i].proof);
        assert_string_equal(reply.trader ? reply.trader : "", ROWS[i].trader);
        assert_string_equal(reply.reason ? reply.reason : "", ROWS[i].reason);
        assert_int_equal(cx.fault.code, OK);
    }
    pure_end(&cx);
}

static void test_waits(void **state)
{
    (void)state;
    const int64_t minute = 60000;
    static const int64_t MINUTES[] = {1, 5, 30, 120, 360, 1440, 1440, 1440};
    for (int64_t i = 0; i < 8; i++)
        assert_int_equal(vat_wait_ms(VAT_UNKNOWN, i), MINUTES[i] * minute);
    assert_int_equal(vat_wait_ms(VAT_UNKNOWN, 1000000), 1440 * minute);
    assert_int_equal(vat_wait_ms(VAT_VALID, 0), 30 * 1440 * minute);
    assert_int_equal(vat_wait_ms(VAT_INVALID, 5), 30 * 1440 * minute);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_question),
        cmocka_unit_test(test_replies),
        cmocka_unit_test(test_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
