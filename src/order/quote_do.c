#include "order/quote_do.h"

#include "base/hash.h"
#include "base/limits.h"
#include "engine/decision_json.h"
#include "order/order_store.h"

enum err quote_keep(struct context *cx, const struct quote_terms *terms, const char **ret_token,
                    instant *ret_expires_at)
{
    char secret[SECRET_TEXT_SIZE];
    secret_create(secret);
    const struct quote quote = {
        .token = arena_print(cx->arena, "quo_%s", secret),
        .subject = terms->subject,
        .command = terms->setting != NULL ? terms->setting : "{}",
        .result = terms->result,
        .quoted_on = terms->today,
        .expires_at = cx->now + QUOTE_LIFE_MS,
    };
    TRY(quote_insert(cx, &quote));
    *ret_token = quote.token;
    *ret_expires_at = quote.expires_at;
    return OK;
}

enum err quote_take(struct context *cx, const char *token, const struct quote_terms *terms,
                    const char *used_by)
{
    struct quote quote;
    TRY(quote_load(cx, token, &quote));
    if (strcmp(quote.subject, terms->subject) != 0)
        return fault(cx, ERR_NOT_FOUND, "param", "/token", NULL);
    if (quote.used_by != NULL)
        return fault(cx, ERR_QUOTE_USED, "param", "/token", NULL);
    if (cx->now >= quote.expires_at || quote.quoted_on != terms->today)
        return fault(cx, ERR_QUOTE_EXPIRED, "param", "/token", NULL);
    if (strcmp(quote.result, terms->result) != 0) {
        enum err err = fault(cx, ERR_QUOTE_CHANGED, "param", "/token", NULL);
        cx->fault.detail = decision_differs(cx, quote.result, terms->result);
        return err;
    }
    return quote_use(cx, token, used_by);
}
