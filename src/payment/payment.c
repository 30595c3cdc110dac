#include "payment/payment.h"

static const char *const METHOD_KINDS[] = {
    [METHOD_CARD] = "card",
    [METHOD_SEPA_DEBIT] = "sepa_debit",
    [METHOD_TRANSFER] = "transfer",
};

static const char *const PAYMENT_STATES[] = {
    [PAYMENT_REQUESTED] = "requested",
    [PAYMENT_PENDING] = "pending",
    [PAYMENT_ACTION_REQUIRED] = "action_required",
    [PAYMENT_SUCCEEDED] = "succeeded",
    [PAYMENT_FAILED] = "failed",
    [PAYMENT_UNKNOWN] = "unknown",
};

static const char *const REFUND_STATES[] = {
    [REFUND_REQUESTED] = "requested",
    [REFUND_SUCCEEDED] = "succeeded",
    [REFUND_FAILED] = "failed",
};

#define COUNT_OF(words) (sizeof(words) / sizeof *(words))

/* Returns the index of the word, or the count when it is none of them. */
static size_t find_word(const char *const *words, size_t count, const char *text)
{
    size_t i = 0;
    while (i < count && strcmp(words[i], text) != 0)
        i++;
    return i;
}

const char *method_kind_format(enum method_kind kind)
{
    return METHOD_KINDS[kind];
}

bool method_kind_parse(const char *text, enum method_kind *ret_kind)
{
    size_t i = find_word(METHOD_KINDS, COUNT_OF(METHOD_KINDS), text);
    if (i == COUNT_OF(METHOD_KINDS))
        return false;
    *ret_kind = (enum method_kind)i;
    return true;
}

const char *payment_state_format(enum payment_state state)
{
    return PAYMENT_STATES[state];
}

bool payment_state_parse(const char *text, enum payment_state *ret_state)
{
    size_t i = find_word(PAYMENT_STATES, COUNT_OF(PAYMENT_STATES), text);
    if (i == COUNT_OF(PAYMENT_STATES))
        return false;
    *ret_state = (enum payment_state)i;
    return true;
}

const char *refund_state_format(enum refund_state state)
{
    return REFUND_STATES[state];
}

bool refund_state_parse(const char *text, enum refund_state *ret_state)
{
    size_t i = find_word(REFUND_STATES, COUNT_OF(REFUND_STATES), text);
    if (i == COUNT_OF(REFUND_STATES))
        return false;
    *ret_state = (enum refund_state)i;
    return true;
}

bool method_is_asked_first(enum method_kind kind)
{
    return kind == METHOD_CARD;
}
