/* `annex tour`: the main job, step by step with its figures, on a fresh store in memory. */
#include <inttypes.h>

#include "app/app.h"
#include "app/demo.h"
#include "app/demo_cli.h"
#include "base/message.h"
#include "customer/customer_do.h"
#include "eligibility/eligibility.h"
#include "engine/decide_parts.h"
#include "engine/doctor_do.h"
#include "engine/engine_do.h"
#include "engine/engine_store.h"
#include "invoice/invoice_store.h"
#include "payment/payment_do.h"
#include "subscription/subscription_store.h"

enum { BASE_DAYS_AGO = 12, SEATS = 10, STORAGE = 100, MORE_STORAGE = 150 };

/* Who takes the tour, and what they have bought so far. */
struct tour {
    const char *account;
    const char *base;
    const char *addon;
    int step;
};

static void tour_title(struct tour *tour, const char *title)
{
    printf("\n%d. %s\n", ++tour->step, title);
}

static const char *tour_money(struct context *cx, struct money amount)
{
    char text[MONEY_TEXT_SIZE];
    money_format(amount, text);
    return arena_copy(cx->arena, text);
}

static const char *tour_day(struct context *cx, civil_day day)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    return arena_copy(cx->arena, text);
}

static void tour_print_line(struct context *cx, const struct line *line)
{
    char unit[DECIMAL_SIZE];
    decimal_format(line->unit.micros, 6, unit);
    printf("   %-9s %-16s %s to %s  %4" PRId64 " x %s x %" PRId64 "/%" PRId64 " days  %14s%s\n",
           line_reason_format(line->reason), line->offer, tour_day(cx, line->from_on),
           tour_day(cx, line->to_on - 1), line->quantity, unit, line->days, line->of_days,
           tour_money(cx, line->amount), line->undoes ? "  (credit)" : "");
}

static void tour_print_document(struct context *cx, const struct document *document)
{
    if (document == NULL)
        return;
    for (size_t i = 0; i < document->lines.count; i++)
        tour_print_line(cx, document->lines.items[i]);
    printf("   net %s, tax %s, total %s\n", tour_money(cx, document->net),
           tour_money(cx, document->tax), tour_money(cx, document->total));
}

static void tour_print_reasons(const struct availability *item)
{
    printf("   not available  %-18s", item->offer->id);
    for (size_t i = 0; i < item->reason_count; i++) {
        const struct reason *reason = &item->reasons[i];
        printf("%s%s", i ? "; " : "", reason->code);
        for (size_t o = 0; o < reason->offer_count; o++)
            printf("%s%s", o ? ", " : ": ", reason->offers[o]);
    }
    printf("\n");
}

static enum err tour_available(struct context *cx, struct tour *tour)
{
    struct state *state;
    TRY(state_load_read(cx, &state));
    state_use_account(state, state_find_account(state, tour->account), cx->now);
    struct eligibility_input input = decide_holdings(cx, state, NULL);
    struct availability *items;
    size_t count;
    eligibility_list(cx, &input, &items, &count);
    for (size_t i = 0; i < count; i++) {
        if (!items[i].available) {
            tour_print_reasons(&items[i]);
            continue;
        }
        printf("   available      %-18s", items[i].offer->id);
        for (size_t b = 0; b < items[i].connects_to_count; b++)
            printf("%s%s", b ? ", " : "connects to ", items[i].connects_to[b]->offer);
        printf("\n");
    }
    return OK;
}

static enum err tour_command(struct context *cx, const struct command *command,
                             struct engine_run *run)
{
    TRY(engine_command(cx, command, run));
    return run->preview ? OK : engine_settle_payments(cx, NULL);
}

/* Buys the base as of some days ago, so that the add-on is bought in the middle of a period. */
static enum err tour_buy_base(struct context *cx, struct tour *tour)
{
    struct order_request_line line = {.name = "base",
                                      .offer = "standard",
                                      .quantity = SEATS,
                                      .term = TERM_P1M,
                                      .billing = BILLING_MONTHLY,
                                      .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = tour->account,
                              .order = {.lines = &line, .line_count = 1}};
    struct engine_run run = {0};
    TRY(tour_command(cx, &command, &run));
    tour->base = run.decision.order->lines.items[0]->subscription;
    printf("   bought %d licences of standard on %s\n", SEATS, tour_day(cx, run.state->today));
    tour_print_document(cx, run.decision.document);
    return OK;
}

/* The review and the order are the same command; the token binds them. */
static enum err tour_connect(struct context *cx, struct tour *tour)
{
    struct order_request_line line = {.name = "storage",
                                      .offer = "extra-storage",
                                      .quantity = STORAGE,
                                      .connect_to = tour->base,
                                      .start_on = DAY_NONE};
    struct command command = {.kind = COMMAND_ORDER,
                              .account = tour->account,
                              .order = {.lines = &line, .line_count = 1}};
    struct engine_run review = {.preview = true, .subject = "tour"};
    TRY(tour_command(cx, &command, &review));
    tour_print_document(cx, review.decision.document);
    printf("   the review is good for 15 minutes\n");

    tour_title(tour, "Place order: exactly what the review showed");
    struct engine_run order = {.token = review.ret_token, .subject = "tour"};
    TRY(tour_command(cx, &command, &order));
    tour->addon = order.decision.order->lines.items[0]->subscription;
    struct document *invoice;
    TRY(invoice_load(cx, order.decision.order->document, &invoice));
    TRY(invoice_number_due(cx, 1));
    TRY(invoice_load(cx, invoice->id, &invoice));
    printf("   invoice %s, unpaid %s\n", invoice_number_format(cx->arena, invoice),
           tour_money(cx, invoice->unpaid));
    tour_print_document(cx, invoice);
    return OK;
}

static enum err tour_more(struct context *cx, const struct tour *tour)
{
    struct command command = {
        .kind = COMMAND_SET_QUANTITY, .subscription = tour->addon, .quantity = MORE_STORAGE};
    struct engine_run run = {0};
    TRY(tour_command(cx, &command, &run));
    tour_print_document(cx, run.decision.document);
    return OK;
}

static enum err tour_try_to_remove(struct context *cx, const struct tour *tour)
{
    struct command command = {.kind = COMMAND_CANCEL, .subscription = tour->addon};
    struct engine_run run = {0};
    enum err err = tour_command(cx, &command, &run);
    if (err != ERR_ADDON_NOT_REMOVABLE)
        return err ? err : fault(cx, ERR_INTERNAL, "value", "the removal was not refused", NULL);
    printf("   refused: %s\n   %s\n", err_code(err),
           message_fault(cx->arena, cx->language, &cx->fault));
    fault_clear(cx);
    return OK;
}

static enum err tour_cancel(struct context *cx, const struct tour *tour)
{
    struct command command = {.kind = COMMAND_CANCEL, .subscription = tour->base};
    struct engine_run run = {0};
    TRY(tour_command(cx, &command, &run));
    tour_print_document(cx, run.decision.document);
    struct subscription_list list = {0};
    TRY(subscription_load_all(cx, &list));
    for (size_t i = 0; i < list.count; i++) {
        const struct subscription *sub = list.items[i];
        printf("   %-14s %s since %s\n", sub->offer, subscription_status_format(sub->status),
               tour_day(cx, sub->status_on));
    }
    for (size_t i = 0; i < run.state->refunds.count; i++)
        printf("   refunded %s\n", tour_money(cx, run.state->refunds.items[i]->amount));
    return OK;
}

static enum err tour_sign_up(struct context *cx, struct tour *tour)
{
    struct organization_request request = {
        .name = "Atelier du Pont",
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.type = ACCOUNT_CLASSIC, .currency = "EUR", .time_zone = "Europe/Paris"},
        .person = {.name = "Anne Dupont", .email = "anne.dupont@atelier-du-pont.example"},
    };
    struct organization_created created;
    TRY(organization_create(cx, &request, &created));
    cx->customer = created.organization.id;
    tour->account = created.account.id;
    struct method_request card = {
        .account = created.account.id, .kind = METHOD_CARD, .test = "success"};
    struct payment_method method;
    return method_create(cx, &card, &method);
}

static enum err tour_walk(struct context *cx)
{
    struct tour tour = {0};
    struct context then = *cx;
    then.now = then.wall = cx->now - BASE_DAYS_AGO * MS_PER_DAY;
    TRY(demo_publish(&then, zone_day("Europe/Paris", then.now)));
    TRY(tour_sign_up(&then, &tour));

    tour_title(&tour, "A new customer buys a subscription");
    TRY(tour_buy_base(&then, &tour));
    cx->customer = then.customer;
    cx->ids = then.ids;

    tour_title(&tour, "What is available now, and why the rest is not");
    TRY(tour_available(cx, &tour));
    tour_title(&tour, "Connect extra storage to the subscription: review");
    TRY(tour_connect(cx, &tour));
    tour_title(&tour, "Manage add-ons: from 100 to 150 gigabytes");
    TRY(tour_more(cx, &tour));
    tour_title(&tour, "Try to remove the add-on");
    TRY(tour_try_to_remove(cx, &tour));
    tour_title(&tour, "Cancel the subscription: its add-on goes with it");
    TRY(tour_cancel(cx, &tour));
    tour_title(&tour, "The books");
    return doctor_print(cx, false);
}

static enum err tour_run(struct context *cx)
{
    struct demo_world *world;
    struct app app;
    TRY(db_migrate(cx));
    TRY(demo_file_read(cx, &world));
    TRY(demo_save_seller(cx, world));
    TRY(app_open(cx, &app));
    enum err err = tour_walk(cx);
    app_end(&app);
    return err;
}

enum err tour_cli(struct context *cx, int argc, char **argv)
{
    (void)argv;
    if (argc != 1)
        return fault(cx, ERR_USAGE, "value", "annex tour takes no arguments", NULL);
    TRY(db_open(cx, &cx->db, ":memory:", DB_WRITER, true));
    enum err err = tour_run(cx);
    db_close(cx->db);
    cx->db = NULL;
    return err;
}
