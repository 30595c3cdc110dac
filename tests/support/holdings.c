#include "support/holdings.h"

#include "support/pure.h"

struct mark {
    const char *word;
    enum subscription_status status;
};

static const struct mark STATUSES[] = {
    {"planned", SUBSCRIPTION_PLANNED},   {"scheduled", SUBSCRIPTION_SCHEDULED},
    {"trial", SUBSCRIPTION_TRIAL},       {"expired", SUBSCRIPTION_EXPIRED},
    {"disabled", SUBSCRIPTION_DISABLED}, {"deleted", SUBSCRIPTION_DELETED},
};

static struct holding yearly(struct holding holding)
{
    holding.term = TERM_P1Y;
    holding.billing = BILLING_YEARLY;
    return holding;
}

static void read_mark(struct holding *holding, const char *mark)
{
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
        if (strcmp(mark, STATUSES[i].word) == 0) {
            holding->status = STATUSES[i].status;
            return;
        }
    }
    if (strcmp(mark, "pastdue") == 0)
        holding->past_due = true;
    else if (strcmp(mark, "pending") == 0)
        holding->change_pending = true;
    else if (strcmp(mark, "other") == 0)
        holding->account = "acc_other";
    else if (strcmp(mark, "yearly") == 0)
        *holding = yearly(*holding);
    else if (strcmp(mark, "later") == 0)
        holding->start_on = pure_day("2026-03-01");
    else
        holding->quantity = strtoll(mark, NULL, 10);
    assert(holding->quantity > 0);
}

static void read_holding(struct arena *arena, struct holding *holding, const char *word)
{
    char *text = arena_copy(arena, word), *rest;
    *holding = (struct holding){.account = "acc_this",
                                .status = SUBSCRIPTION_ACTIVE,
                                .in_cart = *text == '+',
                                .start_on = DAY_NONE,
                                .quantity = 10,
                                .term = TERM_P1M,
                                .billing = BILLING_MONTHLY};
    text += holding->in_cart;
    holding->name = holding->subscription = strtok_r(text, ":", &rest);
    holding->offer = strtok_r(NULL, ":", &rest);
    assert(holding->offer);
    for (char *mark = strtok_r(NULL, ":", &rest); mark; mark = strtok_r(NULL, ":", &rest))
        read_mark(holding, mark);
    char *parent = strchr(holding->offer, '>');
    if (parent) {
        *parent = '\0';
        holding->parent = parent + 1;
    }
}

size_t holdings_read(struct arena *arena, struct holding *holdings, const char *words)
{
    size_t count = 0;
    char *rest;
    for (char *word = strtok_r(arena_copy(arena, words), " ", &rest); word;
         word = strtok_r(NULL, " ", &rest))
        read_holding(arena, &holdings[count++], word);
    return count;
}
