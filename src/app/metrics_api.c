#include "app/metrics_api.h"

#include "app/version.h"
#include "base/buf.h"
#include "customer/clock_store.h"
#include "customer/due_store.h"
#include "invoice/invoice_store.h"
#include "payment/payment_store.h"

static const struct http_stats *server_stats; /* written once, before the threads */

void metrics_start(const struct http_stats *stats)
{
    server_stats = stats;
}

static void put(struct buf *out, const char *name, const char *type, const char *help,
                int64_t value)
{
    buf_print(out, "# HELP annex_%s %s\n# TYPE annex_%s %s\nannex_%s %" PRId64 "\n", name, help,
              name, type, name, value);
}

static void put_server(struct buf *out)
{
    if (server_stats == NULL)
        return;
    put(out, "http_requests_total", "counter", "Requests answered.", server_stats->requests);
    put(out, "works_total", "counter", "Units of work run by writing connections.",
        server_stats->works);
    put(out, "commits_total", "counter", "Commits that kept them.", server_stats->commits);
}

static enum err put_store(struct context *cx, struct buf *out)
{
    int64_t due, parked, clocks, unnumbered, charges;
    TRY(due_count(cx, cx->wall, &due));
    TRY(due_count_parked(cx, &parked));
    TRY(clock_count_advancing(cx, &clocks));
    TRY(invoice_count_unnumbered(cx, &unnumbered));
    TRY(payment_count_open(cx, &charges));
    put(out, "due_customers", "gauge", "Customers with work that is due and not done.", due);
    put(out, "parked_customers", "gauge", "Customers whose due work failed three times.", parked);
    put(out, "test_clocks_advancing", "gauge", "Test clocks on their way.", clocks);
    put(out, "documents_unnumbered", "gauge", "Documents that wait for their number.", unnumbered);
    put(out, "charges_open", "gauge", "Charges that a provider has not decided.", charges);
    return OK;
}

enum err metrics_api_show(struct context *cx, const struct http_request *request,
                          struct http_reply *reply)
{
    (void)request;
    struct buf out = buf_create(cx->arena);
    buf_print(&out,
              "# HELP annex_info The version of the program.\n# TYPE annex_info gauge\n"
              "annex_info{version=\"%s\"} 1\n",
              ANNEX_VERSION);
    put_server(&out);
    TRY(put_store(cx, &out));
    reply->status = 200;
    reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply->body = buf_text(&out);
    reply->body_size = out.size;
    return OK;
}
