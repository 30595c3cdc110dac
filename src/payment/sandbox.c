#include "payment/sandbox.h"

enum { CARD_NUMBER_SIZE = 16 };

static const struct sandbox_card CARDS[] = {
    {"4242424242424242", "success", "tok_success", "Visa ···· 4242"},
    {"4000000000000002", "decline", "tok_decline", "Visa ···· 0002"},
    {"4000002760003184", "authentication", "tok_authentication", "Visa ···· 3184"},
    {"4000000000000341", "decline_recurring", "tok_decline_recurring", "Visa ···· 0341"},
    {"4000000000000119", "late", "tok_late", "Visa ···· 0119"},
    {"4000000000000259", "twice", "tok_twice", "Visa ···· 0259"},
    {"4000000000000101", "never", "tok_never", "Visa ···· 0101"},
};

enum { CARD_COUNT = sizeof CARDS / sizeof *CARDS };

const struct sandbox_card *sandbox_card_of_number(const char *number)
{
    char digits[CARD_NUMBER_SIZE + 1] = "";
    size_t count = 0;
    for (const char *p = number; *p != '\0'; p++) {
        if (*p == ' ' || *p == '-')
            continue;
        if (count == CARD_NUMBER_SIZE)
            return NULL;
        digits[count++] = *p;
    }
    for (size_t i = 0; i < CARD_COUNT; i++) {
        if (strcmp(CARDS[i].number, digits) == 0)
            return &CARDS[i];
    }
    return NULL;
}

const struct sandbox_card *sandbox_card_of_name(const char *name)
{
    for (size_t i = 0; i < CARD_COUNT; i++) {
        if (strcmp(CARDS[i].name, name) == 0)
            return &CARDS[i];
    }
    return NULL;
}

static bool is_token(const struct sandbox_charge *charge, const char *token)
{
    return strcmp(charge->token, token) == 0;
}

enum payment_state sandbox_decide(const struct sandbox_charge *charge,
                                  const struct provider_world *world)
{
    enum payment_state before = PAYMENT_REQUESTED;
    bool was_asked = charge->outcome != NULL && payment_state_parse(charge->outcome, &before);
    if (was_asked && (before == PAYMENT_SUCCEEDED || before == PAYMENT_FAILED))
        return before;
    if (world != NULL && world->decline)
        return PAYMENT_FAILED;
    if (is_token(charge, "tok_decline"))
        return PAYMENT_FAILED;
    if (is_token(charge, "tok_authentication"))
        return PAYMENT_ACTION_REQUIRED;
    if (is_token(charge, "tok_decline_recurring"))
        return charge->by_itself ? PAYMENT_FAILED : PAYMENT_SUCCEEDED;
    if (is_token(charge, "tok_late"))
        return was_asked ? PAYMENT_SUCCEEDED : PAYMENT_PENDING;
    if (is_token(charge, "tok_never"))
        return PAYMENT_UNKNOWN;
    return PAYMENT_SUCCEEDED;
}

bool sandbox_says_twice(const char *token)
{
    return strcmp(token, "tok_twice") == 0;
}
