#include "tax/vat_check.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"

enum { PREFIX_SIZE = 2, RECHECK_DAYS = 30, REASON_MAX = 64 };

static const char *const ANSWERS[] = {
    [VAT_UNKNOWN] = "unknown",
    [VAT_VALID] = "valid",
    [VAT_INVALID] = "invalid",
};

const char *vat_question_encode(struct context *cx, const struct vat_question *question)
{
    const char *requester = question->requester;
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "countryCode", arena_copy_bytes(cx->arena, question->vat_id, PREFIX_SIZE));
    json_put_text(&w, "vatNumber", question->vat_id + PREFIX_SIZE);
    if (requester != NULL && strlen(requester) > PREFIX_SIZE) {
        json_put_text(&w, "requesterMemberStateCode",
                      arena_copy_bytes(cx->arena, requester, PREFIX_SIZE));
        json_put_text(&w, "requesterNumber", requester + PREFIX_SIZE);
    }
    json_close_object(&w);
    return json_end(&w);
}

static struct vat_reply unknown(const char *reason)
{
    return (struct vat_reply){.answer = VAT_UNKNOWN, .reason = reason};
}

/* "---" is how VIES says that a state tells no names. */
static const char *said(const char *text)
{
    return text == NULL || text[0] == '\0' || strcmp(text, "---") == 0 ? NULL : text;
}

/* {"errorWrappers": [{"error": "MS_UNAVAILABLE"}]}: the state's own register does not answer. */
static struct vat_reply read_error(struct json_reader *r)
{
    struct json_reader wrapper;
    const char *error = NULL;
    size_t count = 0;
    if (json_array(r, "errorWrappers", REQUIRED, 10, &count) != OK || count == 0 ||
        json_array_object(r, "errorWrappers", 0, &wrapper) != OK ||
        json_text(&wrapper, "error", REQUIRED, &error) != OK || strlen(error) > REASON_MAX)
        return unknown("malformed");
    return unknown(error);
}

static struct vat_reply read_answer(struct json_reader *r, const struct vat_question *question)
{
    bool valid = false;
    const char *country = NULL, *number = NULL, *proof = NULL, *trader = NULL, *error = NULL;
    if (!json_has(r, "valid"))
        return read_error(r);
    if (json_bool(r, "valid", REQUIRED, &valid) != OK ||
        json_text(r, "countryCode", REQUIRED, &country) != OK ||
        json_text(r, "vatNumber", REQUIRED, &number) != OK ||
        json_text(r, "requestIdentifier", OPTIONAL, &proof) != OK ||
        json_text(r, "name", OPTIONAL, &trader) != OK ||
        json_text(r, "userError", OPTIONAL, &error) != OK)
        return unknown("malformed");
    if (!valid && error != NULL && strcmp(error, "INVALID") != 0)
        return unknown(strlen(error) <= REASON_MAX ? error : "malformed");
    if (strncmp(country, question->vat_id, PREFIX_SIZE) != 0 || strlen(country) != PREFIX_SIZE ||
        strcmp(number, question->vat_id + PREFIX_SIZE) != 0)
        return unknown("other_number");
    return (struct vat_reply){
        .answer = valid ? VAT_VALID : VAT_INVALID, .proof = said(proof), .trader = said(trader)};
}

struct vat_reply vat_reply_decode(struct context *cx, const struct vat_question *question,
                                  int64_t status, const char *body, size_t size)
{
    struct json_reader r;
    struct vat_reply reply = unknown("malformed");
    if (status != 200)
        return unknown(arena_print(cx->arena, "http_%" PRId64, status));
    if (json_open(cx, &r, body, size) == OK)
        reply = read_answer(&r, question);
    fault_clear(cx);
    return reply;
}

int64_t vat_wait_ms(enum vat_answer answer, int64_t attempts)
{
    static const int64_t MINUTES[] = {1, 5, 30, 120, 360, 1440};
    enum { COUNT = sizeof MINUTES / sizeof *MINUTES };
    const int64_t minute_ms = 60000;
    if (answer != VAT_UNKNOWN)
        return RECHECK_DAYS * 1440 * minute_ms;
    return minute_ms * MINUTES[attempts < COUNT ? attempts : COUNT - 1];
}

const char *vat_answer_format(enum vat_answer answer)
{
    return ANSWERS[answer];
}

enum vat_answer vat_answer_parse(const char *text)
{
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++)
        if (strcmp(ANSWERS[i], text) == 0)
            return (enum vat_answer)i;
    return VAT_UNKNOWN;
}
