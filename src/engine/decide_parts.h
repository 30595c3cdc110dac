/* The parts of decide(), by command. Private to engine/. */
#pragma once

#include "eligibility/eligibility.h"
#include "engine/decide.h"

enum err decide_order(struct context *cx, struct state *state, const struct command *command,
                      struct decision *decision);
enum err decide_quantity(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision);
enum err decide_cancel(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision);
enum err decide_recurring_billing(struct context *cx, struct state *state,
                                  const struct command *command, struct decision *decision);
enum err decide_reactivate(struct context *cx, struct state *state, const struct command *command,
                           struct decision *decision);
enum err decide_extend_trial(struct context *cx, struct state *state, const struct command *command,
                             struct decision *decision);
enum err decide_buy_trial(struct context *cx, struct state *state, const struct command *command,
                          struct decision *decision);
enum err decide_delete(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision);
enum err decide_support_remove(struct context *cx, struct state *state,
                               const struct command *command, struct decision *decision);
enum err decide_change_plan(struct context *cx, struct state *state, const struct command *command,
                            struct decision *decision);
enum err decide_billing(struct context *cx, struct state *state, const struct command *command,
                        struct decision *decision);
enum err decide_end_with(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision);
enum err decide_payment_method(struct context *cx, struct state *state,
                               const struct command *command, struct decision *decision);
enum err decide_assign(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision);
enum err decide_unassign(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision);
enum err decide_unschedule(struct context *cx, struct state *state, const struct command *command,
                           struct decision *decision);
enum err decide_settle(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision);
enum err decide_settle_refund(struct context *cx, struct state *state,
                              const struct command *command, struct decision *decision);
/* An invoice of which nothing is left but what is deleted: listed for write-off. */
void write_off_list(struct context *cx, struct state *state, struct document *document);
enum err decide_write_off(struct context *cx, struct state *state, const struct command *command,
                          struct decision *decision);
enum err decide_pay(struct context *cx, struct state *state, const struct command *command,
                    struct decision *decision);
enum err decide_refund(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision);
enum err decide_transfer(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision);
enum err decide_due(struct context *cx, struct state *state, const struct command *command,
                    struct decision *decision);

/* What the customer holds, as eligibility sees it: all subscriptions but those deleted.
 * `ret_holdings` (or NULL) gives the same holdings to change, with room for a cart's lines. */
struct eligibility_input decide_holdings(struct context *cx, const struct state *state,
                                         struct holding **ret_holdings);

/* Refuses what the action table does not allow, and whatever concerns a child: "every action on a
 * child other than buying, removing, assigning, unassigning licences" (rules §3.3). */
enum err decide_check_action(struct context *cx, const struct subscription *sub,
                             enum subscription_action action);

/* Moves a base with its children, those in the same state, to another one together. */
void decide_move_family(struct context *cx, struct state *state, struct subscription *family,
                        enum subscription_status status, const char *event_type);

/* Deletes a base with its children; invoices of which nothing is left are listed for write-off. */
void decide_delete_family(struct context *cx, struct state *state, struct subscription *family);

/* Gives a subscription another quantity, with its event. */
void decide_set_quantity(struct context *cx, struct state *state, struct subscription *sub,
                         int64_t quantity);

/* Refuses more licences of an offer that is at its end of sale, or in no file any more. */
enum err decide_check_on_sale(struct context *cx, const struct state *state, const char *id);
/* Refuses what leaves an add-on over its maximum: `after` is what is held once `sub` is lower. */
enum err decide_check_dependants(struct context *cx, const struct state *state,
                                 const struct subscription *sub,
                                 const struct eligibility_input *after);

/* Says whether an order that changes it awaits payment. */
bool decide_is_changing(const struct state *state, const struct subscription *sub);

/* Says whether a catalogue of this store ever had the offer: then it is not on sale any more, else
 * it does not exist. */
bool decide_was_once_sold(const struct state *state, const char *offer);
/* The refusals of rules §2: of an offer that the version on sale has not, and with all reasons of
 * a judgement; `base` is the name of the base that was named, or "". */
enum err decide_refuse_not_on_sale(struct context *cx, const char *param, const char *offer);
enum err decide_refuse_reasons(struct context *cx, const struct availability *judged,
                               const char *base);

/* Ends a base with its children, or a subscription without any, today and in this decision
 * (rules §3.2): disabled, or expired when its term ended. No credit is drawn here. */
void decide_end_family(struct context *cx, struct state *state, struct subscription *family,
                       enum ended_by ended_by);

/* Says whether a method can be asked for money: a transfer is sent by its bank. */
bool pay_can_charge(const struct payment_method *method);
/* The method that paid an invoice becomes that of everything the failed one paid for. */
void pay_adopt_method(const struct state *state, const struct document *document,
                      const char *method);

/* Brings back what was disabled for non-payment and owes nothing any more (rules §7). */
void decide_reactivate_paid(struct context *cx, struct state *state);

/* Sets a subscription and its children to a period and term that start on `start_on`. */
void decide_start_term(const struct state *state, struct subscription *sub, civil_day start_on);

/* Flags standalone add-ons that have lost what they require, and takes the flag from those that
 * have it again (rules §3, last paragraph). */
void decide_flag_requirements(struct context *cx, struct state *state);

/* Raises a quantity: an order of its own (rules §7). */
enum err order_increase(struct context *cx, struct state *state, const struct command *command,
                        struct subscription *sub, struct decision *decision);

/* A plan or billing change is an order too: it waits for its payment (rules §7). `kind` is one of
 * them, `reason` that of its lines. */
struct family_change;
enum err order_change(struct context *cx, struct state *state, const struct command *command,
                      enum order_kind kind, const struct family_change *change,
                      struct decision *decision);

/* Brings a subscription back, or buys a trial, by an order: judged, billed and placed. */
enum err order_bring_back(struct context *cx, struct state *state, const struct command *command,
                          enum order_kind kind, int64_t quantity, struct decision *decision);
/* Says why such an order can't be completed any more, or OK; and completes it. */
enum err order_check_back(const struct state *state, const struct order *order);
void order_apply_back(struct context *cx, struct state *state, const struct order *order);

/* The licences that a trial is converted to: those assigned, at least the offer's `min`. */
int64_t trial_quantity(const struct state *state, const struct subscription *sub);
/* The end of a trial that goes on: its first term starts. */
void trial_convert(struct context *cx, struct state *state, struct document *document,
                   struct subscription *sub);

/* Places an order that was judged: asks for the payment first, or completes it at once. The
 * document may be NULL (nothing to bill). */
enum err order_place(struct context *cx, struct state *state, struct order *order,
                     struct document *document, const struct payment_method *method,
                     struct decision *decision);
/* Makes an order real: activates, invoices, posts (rules §7). `paid` may be NULL. When it can't
 * be completed any more it fails and the money goes back. */
enum err order_complete(struct context *cx, struct state *state, struct order *order,
                        struct payment *paid);
/* Nothing remains of it but its record. */
void order_fail(struct context *cx, struct state *state, struct order *order, enum err why);

/* One line of an order while it is judged. */
struct order_draft {
    const struct order_request_line *request;
    const struct offer *offer;      /* NULL: not in the catalogue on sale */
    const struct price *price;      /* NULL: none fits */
    bool price_is_ambiguous;        /* more than one fits: term and billing must be said */
    struct subscription *base;      /* connect_to names a subscription */
    struct order_draft *base_draft; /* connect_to names a line of this order */
    bool base_is_unknown;
    enum term term;
    enum billing billing;
    civil_day start_on;
    civil_day ends_on; /* DAY_NONE: a whole term */
    civil_day anchor_on;
    int64_t quantity;
    struct holding *holding;
    struct subscription *subscription; /* what it becomes */
};

/* Finds where a first term that is to end with something else ends (rules §4, Coterminous). Errors:
 * invalid, not_found, term_end_date_invalid. */
enum err order_find_end(struct context *cx, const struct state *state, struct order_draft *draft,
                        size_t index);

/* Resolves and judges all lines (rules §2, last paragraph). */
enum err order_judge(struct context *cx, struct state *state, const struct order_request *request,
                     struct order_draft **ret_drafts);
