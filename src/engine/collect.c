#include "engine/collect.h"

#include <string.h>

#include "base/json.h"
#include "engine/announce.h"
#include "engine/bill.h"
#include "engine/decide_parts.h"

/* Retries after the first failure, in days (rules §7, Unpaid). */
static const int RETRY_DAYS[] = {3, 7, 14, 21};
enum { RETRY_COUNT = sizeof RETRY_DAYS / sizeof *RETRY_DAYS, GIVE_UP_DAYS = 30 };

static instant collect_day_start(const struct account *account, civil_day day)
{
    return zone_start_of_day(account->time_zone, day);
}

static const struct account *collect_account(const struct state *state,
                                             const struct document *document)
{
    return state_find_account(state, document->account);
}

static const struct payment_method *collect_method(const struct state *state,
                                                   const struct document *document)
{
    return document->payment_method ? state_find_method(state, document->payment_method) : NULL;
}

struct payment *collect_request(struct context *cx, struct state *state,
                                const struct payment_method *method, struct money amount,
                                const char *order, const char *document, int attempt)
{
    struct payment *payment = ARENA_NEW(cx->arena, struct payment);
    payment->id = id_next(cx, "pay");
    payment->account = method->account;
    payment->order = order;
    payment->document = document;
    payment->method = method->id;
    payment->provider = method->provider;
    payment->amount = amount;
    payment->refunded = money_zero(amount.currency);
    payment->state = PAYMENT_REQUESTED;
    payment->attempt = attempt;
    payment->created_at = cx->now;
    payment->settled_at = INSTANT_NONE;
    payment->row = ROW_NEW;
    list_push(cx->arena, &state->payments, payment);
    return payment;
}

static enum ledger_account collect_cash(const char *provider)
{
    return strcmp(provider, "sandbox") == 0 ? LEDGER_CASH_SANDBOX : LEDGER_CASH_TRANSFER;
}

static bool collect_is_on(const struct state *state, const struct document *document,
                          const struct subscription *sub)
{
    for (size_t i = 0; i < state->lines.count; i++) {
        const struct line *line = state->lines.items[i];
        if (strcmp(line->document, document->id) == 0 && strcmp(line->subscription, sub->id) == 0)
            return true;
    }
    return false;
}

bool collect_is_owed(const struct state *state, struct subscription *sub)
{
    struct subscription *family = state_family(state, sub);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *member = state->subscriptions.items[i];
        if (state_family(state, member) != family)
            continue;
        for (size_t d = 0; d < state->documents.count; d++) {
            const struct document *document = state->documents.items[d];
            if (money_sign(document->unpaid) > 0 && document->first_failed_at != INSTANT_NONE &&
                collect_is_on(state, document, member))
                return true;
        }
    }
    return false;
}

/* What was past due or disabled for an invoice comes back when nothing of it is owed any more:
 * the same period without charge if it is not over, else a new term from today (rules §7). */
static void collect_bring_back(struct context *cx, struct state *state)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        bool was_disabled =
            sub->status == SUBSCRIPTION_DISABLED && sub->ended_by == ENDED_BY_NON_PAYMENT;
        if (sub->past_due_at == INSTANT_NONE && !was_disabled)
            continue;
        if (collect_is_owed(state, sub))
            continue;
        sub->past_due_at = INSTANT_NONE;
        row_touch(&sub->row);
    }
    decide_reactivate_paid(cx, state);
}

void collect_lower(struct context *cx, struct state *state, struct document *document,
                   struct money amount)
{
    document->unpaid = money_subtract(document->unpaid, amount);
    row_touch(&document->row);
    if (money_sign(document->unpaid) > 0 || money_sign(document->written_off) > 0)
        return;
    bool had_failed = document->first_failed_at != INSTANT_NONE;
    document->paid_on = state->today;
    document->next_attempt_at = INSTANT_NONE;
    announce_invoice(cx, state, "invoice.paid", document);
    if (had_failed)
        collect_bring_back(cx, state);
}

void collect_receive(struct context *cx, struct state *state, struct payment *payment,
                     struct document *document)
{
    struct money part = money_least(payment->amount, document->unpaid);
    struct money rest = money_subtract(payment->amount, part);
    struct account *account = state_find_account(state, payment->account);
    struct entry *entry =
        ledger_begin(cx, &state->entries, payment->account, "payment", payment->id, state->today);
    ledger_post(entry, collect_cash(payment->provider), payment->amount);
    ledger_post(entry, LEDGER_RECEIVABLE, money_negate(part));
    ledger_post(entry, LEDGER_CREDIT_BALANCE, money_negate(rest));
    ledger_end(&state->entries, entry);
    payment->document = document->id;
    row_touch(&payment->row);
    if (!money_is_zero(rest)) {
        account->credit = money_add(account->credit, rest);
        state_touch_account(cx, state, account);
    }
    collect_lower(cx, state, document, part);
}

void collect_schedule(struct context *cx, const struct state *state, struct document *document)
{
    (void)cx;
    if (money_sign(document->unpaid) <= 0)
        return;
    const struct account *account = collect_account(state, document);
    const struct payment_method *method = collect_method(state, document);
    civil_day issued_on = document->issued_on;
    enum method_kind kind = method ? method->kind : METHOD_TRANSFER;
    switch (kind) {
    case METHOD_CARD:
        document->due_on = issued_on + 1;
        break;
    case METHOD_SEPA_DEBIT:
        document->due_on = issued_on + (civil_day)state->seller->sepa_notice_days;
        break;
    case METHOD_TRANSFER:
        document->due_on = issued_on + (civil_day)state->seller->payment_terms_days;
        break;
    }
    /* A transfer of the sandbox arrives on its due day; a real one is missed the day after. */
    bool is_waited_for =
        kind == METHOD_TRANSFER && (method == NULL || strcmp(method->provider, "sandbox") != 0);
    document->next_attempt_at =
        collect_day_start(account, document->due_on + (is_waited_for ? 1 : 0));
}

void collect_at_once(const struct context *cx, const struct state *state, struct document *document)
{
    const struct payment_method *method = collect_method(state, document);
    if (money_sign(document->unpaid) <= 0 || method == NULL || method->kind != METHOD_CARD)
        return;
    document->due_on = document->issued_on;
    document->next_attempt_at = cx->now;
}

static void collect_mark_past_due(struct context *cx, struct state *state,
                                  const struct document *document)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (!collect_is_on(state, document, sub))
            continue;
        struct subscription *family = state_family(state, sub);
        for (size_t j = 0; j < state->subscriptions.count; j++) {
            struct subscription *member = state->subscriptions.items[j];
            if (state_family(state, member) != family || member->past_due_at != INSTANT_NONE ||
                member->status != SUBSCRIPTION_ACTIVE)
                continue;
            member->past_due_at = cx->now;
            row_touch(&member->row);
            announce_past_due(cx, state, member, document);
        }
    }
}

void collect_fail(struct context *cx, struct state *state, struct document *document)
{
    const struct account *account = collect_account(state, document);
    const struct payment_method *method = collect_method(state, document);
    bool is_first = document->first_failed_at == INSTANT_NONE;
    if (is_first)
        document->first_failed_at = cx->now;
    else
        document->retries++;
    document->next_attempt_at = INSTANT_NONE;
    bool is_transfer = method == NULL || method->kind == METHOD_TRANSFER;
    if (!document->given_up && !is_transfer && document->retries < RETRY_COUNT) {
        civil_day first_on = zone_day(account->time_zone, document->first_failed_at);
        document->next_attempt_at =
            collect_day_start(account, first_on + RETRY_DAYS[document->retries]);
    }
    row_touch(&document->row);
    announce_invoice(cx, state, "invoice.payment_failed", document);
    collect_mark_past_due(cx, state, document);
}

bool collect_is_pending(const struct state *state, const struct document *document)
{
    for (size_t i = 0; i < state->payments.count; i++) {
        const struct payment *payment = state->payments.items[i];
        if (payment->document != NULL && strcmp(payment->document, document->id) == 0 &&
            payment->state != PAYMENT_SUCCEEDED && payment->state != PAYMENT_FAILED)
            return true;
    }
    return false;
}

void collect_attempt(struct context *cx, struct state *state, struct document *document)
{
    const struct payment_method *method = collect_method(state, document);
    document->next_attempt_at = INSTANT_NONE;
    row_touch(&document->row);
    if (collect_is_pending(state, document)) { /* the customer has asked for it: look tomorrow */
        document->next_attempt_at =
            collect_day_start(collect_account(state, document), state->today + 1);
        return;
    }
    bool can_charge = method != NULL && !method->removed &&
                      (method->kind != METHOD_TRANSFER || strcmp(method->provider, "sandbox") == 0);
    if (!can_charge) {
        collect_fail(cx, state, document);
        return;
    }
    int attempt = document->first_failed_at == INSTANT_NONE ? 1 : document->retries + 2;
    collect_request(cx, state, method, document->unpaid, document->order, document->id, attempt);
}

instant collect_give_up_at(const struct state *state, const struct document *document)
{
    if (document->first_failed_at == INSTANT_NONE || document->given_up ||
        money_sign(document->unpaid) <= 0)
        return INSTANT_NONE;
    const struct account *account = collect_account(state, document);
    civil_day first_on = zone_day(account->time_zone, document->first_failed_at);
    return collect_day_start(account, first_on + GIVE_UP_DAYS);
}

/* Says whether what the invoice is for was disabled for non-payment, all of it that is left. */
static bool collect_is_given_up(const struct state *state, const struct document *document)
{
    bool was_disabled = false;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        if (!collect_is_on(state, document, sub))
            continue;
        if (sub->status != SUBSCRIPTION_DISABLED || sub->ended_by != ENDED_BY_NON_PAYMENT)
            return false;
        was_disabled = true;
    }
    return was_disabled;
}

static void collect_stop(struct document *document)
{
    document->given_up = true;
    document->next_attempt_at = INSTANT_NONE;
    row_touch(&document->row);
}

void collect_give_up(struct context *cx, struct state *state, struct document *document)
{
    collect_stop(document);
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        struct subscription *family = state_family(state, sub);
        bool works =
            family->status == SUBSCRIPTION_ACTIVE || family->status == SUBSCRIPTION_EXPIRED;
        if (works && collect_is_on(state, document, sub))
            decide_end_family(cx, state, family, ENDED_BY_NON_PAYMENT);
    }
    /* "Retries … end when it is disabled for non-payment; then only Pay balance" (rules §7). */
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *other = state->documents.items[i];
        if (money_sign(other->unpaid) > 0 && !other->given_up && collect_is_given_up(state, other))
            collect_stop(other);
    }
}

/* Something that credit could still pay for (rules §6, Credit). */
static bool collect_has_use_for_credit(const struct state *state, const struct account *account)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *sub = state->subscriptions.items[i];
        if (strcmp(sub->account, account->id) != 0 || sub->row == ROW_REMOVED)
            continue;
        switch (sub->status) {
        case SUBSCRIPTION_PLANNED:
        case SUBSCRIPTION_SCHEDULED:
        case SUBSCRIPTION_ACTIVE:
        case SUBSCRIPTION_EXPIRED:
            return true;
        case SUBSCRIPTION_TRIAL:
        case SUBSCRIPTION_DISABLED:
        case SUBSCRIPTION_DELETED:
        case SUBSCRIPTION_STATUS_COUNT:
            break;
        }
    }
    return false;
}

static void collect_refund(struct context *cx, struct state *state, struct payment *payment,
                           struct money amount, enum ledger_account from)
{
    struct refund *refund = ARENA_NEW(cx->arena, struct refund);
    refund->id = id_next(cx, "ref");
    refund->account = payment->account;
    refund->payment = payment->id;
    refund->amount = amount;
    refund->state = REFUND_REQUESTED;
    refund->cause = cx->cause;
    refund->on = state->today;
    refund->created_at = cx->now;
    refund->row = ROW_NEW;
    list_push(cx->arena, &state->refunds, refund);
    payment->refunded = money_add(payment->refunded, amount);
    row_touch(&payment->row);
    struct entry *entry =
        ledger_begin(cx, &state->entries, payment->account, "refund", refund->id, state->today);
    ledger_post(entry, from, amount);
    ledger_post(entry, LEDGER_REFUNDS_IN_TRANSIT, money_negate(amount));
    ledger_end(&state->entries, entry);
    announce_refund(cx, state, "refund.requested", refund);
}

/* What is left of a payment of the account that came; zero of all else. */
static struct money collect_left(const struct payment *payment, const struct account *account)
{
    if (payment->state != PAYMENT_SUCCEEDED || strcmp(payment->account, account->id) != 0)
        return money_zero(account->currency);
    return money_subtract(payment->amount, payment->refunded);
}

struct money collect_refundable(const struct state *state, const struct account *account)
{
    struct money left = money_zero(account->currency);
    for (size_t i = 0; i < state->payments.count; i++)
        left = money_add(left, collect_left(state->payments.items[i], account));
    return money_least(left, bill_credit_available(state, account));
}

void collect_refund_credit(struct context *cx, struct state *state, struct account *account,
                           struct money amount)
{
    /* The newest payment first: it is the one most likely to be still refundable there. */
    for (size_t i = state->payments.count; i-- > 0;) {
        struct payment *payment = state->payments.items[i];
        struct money part = money_least(collect_left(payment, account), amount);
        if (money_sign(part) <= 0)
            continue;
        amount = money_subtract(amount, part);
        account->credit = money_subtract(account->credit, part);
        state_touch_account(cx, state, account);
        collect_refund(cx, state, payment, part, LEDGER_CREDIT_BALANCE);
    }
}

void collect_refund_rest(struct context *cx, struct state *state, struct account *account)
{
    if (!collect_has_use_for_credit(state, account))
        collect_refund_credit(cx, state, account, collect_refundable(state, account));
}

void collect_return(struct context *cx, struct state *state, struct payment *payment)
{
    struct entry *entry =
        ledger_begin(cx, &state->entries, payment->account, "payment", payment->id, state->today);
    ledger_post(entry, collect_cash(payment->provider), payment->amount);
    ledger_post(entry, LEDGER_UNAPPLIED_CASH, money_negate(payment->amount));
    ledger_end(&state->entries, entry);
    collect_refund(cx, state, payment, payment->amount, LEDGER_UNAPPLIED_CASH);
}

bool collect_is_asked(const struct state *state, const char *account, const char *method)
{
    for (size_t i = 0; i < state->payments.count; i++) {
        const struct payment *payment = state->payments.items[i];
        if (payment->state == PAYMENT_REQUESTED && payment->attempt == PAYMENT_ATTEMPT_ASKED &&
            payment->document != NULL && strcmp(payment->account, account) == 0 && method != NULL &&
            strcmp(payment->method, method) == 0)
            return true;
    }
    return false;
}

void collect_retry_others(const struct state *state, const char *method, instant now)
{
    for (size_t i = 0; i < state->documents.count; i++) {
        struct document *document = state->documents.items[i];
        bool failed = document->first_failed_at != INSTANT_NONE && !document->given_up &&
                      money_sign(document->unpaid) > 0;
        if (!failed || document->payment_method == NULL ||
            strcmp(document->payment_method, method) != 0 || collect_is_pending(state, document))
            continue;
        document->next_attempt_at = now;
        row_touch(&document->row);
    }
}

/* What the customer asked for is no retry; a transfer is missed the day after it was due. */
static void collect_declined(struct context *cx, struct state *state, const struct payment *payment,
                             struct document *document)
{
    const struct payment_method *method = collect_method(state, document);
    bool is_transfer = method != NULL && method->kind == METHOD_TRANSFER;
    if (payment->attempt == PAYMENT_ATTEMPT_ASKED) {
        announce_invoice(cx, state, "invoice.payment_failed", document);
    } else if (is_transfer && state->today <= document->due_on) {
        document->next_attempt_at =
            collect_day_start(collect_account(state, document), document->due_on + 1);
        row_touch(&document->row);
    } else {
        collect_fail(cx, state, document);
    }
}

enum err collect_settle(struct context *cx, struct state *state, struct payment *payment,
                        const struct settlement *settlement)
{
    struct document *document = state_find_document(state, payment->document);
    if (settlement->state == PAYMENT_SUCCEEDED) {
        if (document == NULL) { /* paid meanwhile: what comes now is kept for the customer */
            struct account *account = state_find_account(state, payment->account);
            struct entry *entry = ledger_begin(cx, &state->entries, payment->account, "payment",
                                               payment->id, state->today);
            ledger_post(entry, collect_cash(payment->provider), payment->amount);
            ledger_post(entry, LEDGER_CREDIT_BALANCE, money_negate(payment->amount));
            ledger_end(&state->entries, entry);
            account->credit = money_add(account->credit, payment->amount);
            state_touch_account(cx, state, account);
        } else {
            pay_adopt_method(state, document, payment->method);
            collect_receive(cx, state, payment, document);
        }
        collect_retry_others(state, payment->method, cx->now);
    } else if (settlement->state == PAYMENT_FAILED && document != NULL &&
               money_sign(document->unpaid) > 0) {
        collect_declined(cx, state, payment, document);
    }
    if (payment->attempt == PAYMENT_ATTEMPT_ASKED) /* what waited for its answer comes back */
        decide_reactivate_paid(cx, state);
    return OK;
}

void collect_refund_settled(struct context *cx, struct state *state, const struct refund *refund)
{
    bool sent = refund->state == REFUND_SUCCEEDED;
    struct payment *payment = state_find_payment(state, refund->payment);
    struct entry *entry =
        ledger_begin(cx, &state->entries, refund->account, "refund", refund->id, state->today);
    ledger_post(entry, LEDGER_REFUNDS_IN_TRANSIT, refund->amount);
    ledger_post(entry, sent ? collect_cash(payment->provider) : LEDGER_CREDIT_BALANCE,
                money_negate(refund->amount));
    ledger_end(&state->entries, entry);
    if (!sent) {
        struct account *account = state_find_account(state, refund->account);
        account->credit = money_add(account->credit, refund->amount);
        state_touch_account(cx, state, account);
        payment->refunded = money_subtract(payment->refunded, refund->amount);
        row_touch(&payment->row);
    }
    announce_refund(cx, state, sent ? "refund.succeeded" : "refund.failed", refund);
}
