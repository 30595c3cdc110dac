/* The HTTP server. It knows no business word: routes, permissions and handlers are handed to
 * it as tables (app/routes.def).
 *
 * Threads live in this folder and nowhere else. Handlers are plain blocking functions:
 *
 *   - one epoll thread of libmicrohttpd parses, and answers ROUTE_INLINE routes itself;
 *   - other reads run on a few reader threads, each with a reading connection;
 *   - ROUTE_WRITE handlers run inside one transaction: on SQLite on the one writer thread,
 *     which takes many requests into one commit, a savepoint each; on PostgreSQL on a pool,
 *     a transaction each. The answer leaves after the commit. When the handler fails, all it
 *     wrote is undone, and the fault is answered;
 *   - a route's `finish` runs after the commit, on the outbound pool, for calls to providers;
 *     it gets the handler's answer and may replace it (and the idempotent copy of it). When it
 *     refuses, its fault is the answer; when it fails (status 500 and above), the handler's
 *     answer stands, for that was committed.
 *
 * An answer of success never leaves before what it says is on disk.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/context.h"
#include "base/json.h"
#include "base/limits.h"

struct view;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD_COUNT };

enum { HTTP_PATH_VALUES_MAX = 4, HTTP_QUERY_MAX = 32 };

struct http_pair {
    const char *name;
    const char *value;
};

struct sockaddr;

struct http_reply;

/* A request, decoded; lives in the arena of its unit of work. */
struct http_request {
    enum http_method method;
    const char *path;
    const char *path_values[HTTP_PATH_VALUES_MAX]; /* what stood at {…}, from 0 */
    size_t path_value_count;
    struct http_pair query[HTTP_QUERY_MAX];
    size_t query_count;
    const char *body;
    size_t body_size;
    const char *authorization; /* header values; NULL when absent */
    const char *idempotency_key;
    const char *if_match;
    const char *accept_language;
    const char *organization; /* Annex-Organization: whom a key of the seller acts for */
    const char *content_type;
    const char *accept;
    const char *accept_encoding;
    const char *cookie;
    const char *csrf;       /* X-CSRF-Token */
    const char *fetch_site; /* Sec-Fetch-Site: whether another site made the browser ask */
    const char *forwarded_proto;
    const char *if_none_match;
    const char *hx_request; /* what htmx says of itself */
    const char *hx_target;
    const char *hx_boosted;
    const char *hx_restore;
    const struct sockaddr *remote; /* for http_remote_address; NULL when not known */
    char request_id[40];
    const struct http_route *route;
    const struct http_route *routes; /* the whole table, for http_missing */
    size_t route_count;
    /* Runs the route's handler as a preview asks, for one that shows only some of what it does. */
    enum err (*rehearse)(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
    const struct http_session *session; /* set by authorize; NULL: nobody is signed in */
};

/* Who is signed in, as far as the server and pages have to know. */
struct http_session {
    const char *hash;  /* the digest of its token, by which the store knows it */
    const char *token; /* as the cookie has it */
    bool is_over;      /* known, and ended or aged */
    bool slides;       /* long enough since it was last said to be in use to say so again */
    const char *person;
    const char *customer; /* "" for the seller's staff */
    const char *name;
    const char *email;
    const char *login;        /* the mail address that signed in */
    bool has_others;          /* it is a person of other organisations too */
    const char *organization; /* its name; "" for the seller's staff */
    const char *language;
    const char *view;  /* "simplified" or "dashboard" */
    const char *theme; /* "auto", "light" or "dark" */
    bool live;
};

/* The client's address as a text; "" when it is not known. */
const char *http_remote_address(struct context *cx, const struct http_request *request);

/* An answer. Handlers fill it through the functions below. */
enum { HTTP_HEADERS_MAX = 12 };
struct http_reply {
    int status;
    const char *content_type; /* "application/json" unless set */
    const char *body;
    size_t body_size;
    struct http_pair headers[HTTP_HEADERS_MAX];
    size_t header_count;
    const char *template; /* of a page (http_reply_page), until it is rendered; or NULL */
    struct view *view;
    void *carry; /* what the handler hands to the route's finish; NULL: no finish needed */
};

enum http_route_flags {
    ROUTE_READ = 0,
    ROUTE_WRITE = 1,       /* runs in a transaction; takes an Idempotency-Key */
    ROUTE_INLINE = 2,      /* small read, answered on the epoll thread (SQLite) */
    ROUTE_PUBLIC = 4,      /* no key needed */
    ROUTE_PREVIEW = 8,     /* takes ?preview=true, and a token in the body */
    ROUTE_LARGE_BODY = 16, /* CATALOG_BODY_MAX instead of BODY_MAX */
    ROUTE_VERSIONED = 32,  /* the handler honours If-Match; said in the description only */
    ROUTE_PAGE = 64,       /* for people: sessions, forms, answers in HTML */
    ROUTE_OUTSIDE = 128,   /* no transaction, on a thread of few: what computes for long */
    ROUTE_SELLER = 256,    /* a page of the seller's staff, about no organisation or any */
    ROUTE_ANYONE = 512,    /* a page of whoever is signed in, at a customer or at the seller */
    ROUTE_REHEARSE = 1024, /* with ROUTE_PREVIEW, for a handler that knows nothing of previews */
};

typedef enum err (*http_handler)(struct context *cx, const struct http_request *request,
                                 struct http_reply *reply);

/* One row of app/routes.def. */
struct http_route {
    enum http_method method;
    const char *path; /* "/v1/subscriptions/{id}/cancel" */
    http_handler handler;
    http_handler finish; /* after the commit, outside every transaction; or NULL */
    uint64_t permission; /* all bits must be held; 0 with ROUTE_PUBLIC */
    unsigned flags;
    const char *summary;        /* one line for OpenAPI */
    const char *request_schema; /* name in fields.def, or NULL */
    const char *reply_schema;   /* name in fields.def, or NULL */
    /* Names of the query parameters it takes, by space; `preview` comes with its flag. */
    const char *query;
    const char *title; /* key of a page's title in web/messages, or NULL */
};

/* What the application gives the server besides the routes. */
struct http_hooks {
    /* Fills cx->actor, cx->customer and cx->language from the request, reading the store;
     * checks the permission and the organisation; sets cx->now. Runs on the thread and
     * connection of the handler, before it, also before the idempotency lookup. */
    enum err (*authorize)(struct context *cx, struct http_request *request);
    /* Runs the handler of a ROUTE_REHEARSE route: for good, or as a preview. */
    enum err (*rehearse)(struct context *cx, const struct http_request *request,
                         struct http_reply *reply);
    /* Puts what ids stand for in their place, for reads whose route takes `expand`. */
    enum err (*expand)(struct context *cx, const struct http_request *request,
                       struct http_reply *reply);
    /* For pages. turn_away answers in place of the handler when authorize said
     * ERR_UNAUTHENTICATED; it may write where the handler might. render makes the body of an
     * answer that has a template; refuse makes an answer of the context's fault, without a
     * store. seen says that a session is in use (`slides`). */
    enum err (*turn_away)(struct context *cx, const struct http_request *request,
                          struct http_reply *reply);
    void (*render)(struct context *cx, const struct http_request *request,
                   struct http_reply *reply);
    void (*refuse)(struct context *cx, const struct http_request *request,
                   struct http_reply *reply);
    enum err (*seen)(struct context *cx, const struct http_session *session);
    /* Gives a new context its catalog cache, seller and so on. Called for every request and
     * every tick, with the connection that will serve it, on several threads at once. */
    void (*prepare)(struct context *cx, void *app);
    /* Called on a thread of its own about every second, and soon after something was written:
     * due work, document numbers, outbox. It does a bounded piece of work; a stopping server
     * waits for its end. */
    void (*tick)(struct context *cx, void *app);
    /* The same on another thread, for what asks others and may wait for them: it does one thing
     * at a time, within seconds. */
    void (*errand)(struct context *cx, void *app);
    void *app;
};

/* Counters since the start, for whoever shows them; the server counts, all may read. */
struct http_stats {
    _Atomic int64_t requests; /* answered */
    _Atomic int64_t works;    /* run by writing connections */
    _Atomic int64_t commits;  /* that kept them; on SQLite one for many */
};

struct http_config {
    const char *listen; /* "127.0.0.1:8420" */
    const char *store;  /* file or postgresql://… */
    int reader_count;   /* threads, at least 1 and at most 64 of each kind */
    int worker_count;   /* PostgreSQL: writing connections */
    int outbound_count;
    int batch_max;      /* SQLite: requests in one commit */
    int client_wait_ms; /* how long a client may take for a head, a body, an answer; 0: default */
    struct http_stats *stats; /* counters that live as long as the server; or NULL */
    const struct http_route *routes;
    size_t route_count;
    struct http_hooks hooks;
};

/* Serves until SIGINT or SIGTERM, then finishes what is under way and returns. Prints the
 * address once it listens ("listening on http://127.0.0.1:8420"). Port 0 takes a free one.
 * The signals stay blocked afterwards, so that a second one does not spoil the ending. Errors:
 * ERR_USAGE when the address cannot be listened on, and those of the store. */
enum err http_serve(struct context *cx, const struct http_config *config);

/* ── For handlers ─────────────────────────────────────────────────────────────────────── */

/* The value of a query parameter; NULL when absent. A parameter that the route does not name
 * in its row was refused before the handler. */
const char *http_query(const struct http_request *request, const char *name);
/* An integer of the query within bounds; `ret_value` keeps its value when absent. */
enum err http_query_integer(struct context *cx, const struct http_request *request,
                            const char *name, int64_t min, int64_t max, int64_t *ret_value);
bool http_query_is(const struct http_request *request, const char *name, const char *value);

/* Opens the JSON body. A missing body reads as {}. */
enum err http_body(struct context *cx, const struct http_request *request,
                   struct json_reader *ret_reader);

/* What whoever asks lacks of the permissions of a route: bits, 0 for nothing. The door asks that
 * of the request's own route; a page asks it of the address that a link or a form of it leads
 * to (its query is left out), so that what is refused is never offered. 0 for an address that no
 * route has. */
uint64_t http_route_missing(const struct context *cx, const struct http_route *route);
uint64_t http_missing(struct context *cx, const struct http_request *request,
                      enum http_method method, const char *address);

/* Is it one of the pages for people? Also where no route was found, by what the client takes. */
bool http_is_page(const struct http_request *request);
/* The path and query, as they stand in a link. */
const char *http_address(struct arena *arena, const struct http_request *request);
/* %XX for what would mean something else in a query. */
const char *http_encode(struct arena *arena, const char *text);
/* A form (application/x-www-form-urlencoded) in the body, or kept (http_form_parse). */
struct http_form {
    struct http_pair pairs[FORM_FIELDS_MAX];
    size_t count;
};
/* ERR_INVALID for what is no text, has too many fields or too long ones. */
enum err http_form_read(struct context *cx, const struct http_request *request,
                        struct http_form *ret_form);
enum err http_form_parse(struct context *cx, const char *body, size_t size,
                         struct http_form *ret_form);
/* The value of a field, NULL when absent; of several the last. */
const char *http_form_value(const struct http_form *form, const char *name);

/* ── Sessions (session.c) ─────────────────────────────────────────────────────────────── */

/* The token in the request's cookie; NULL: none that could be one. */
const char *http_session_token(struct context *cx, const struct http_request *request);
/* Gives the browser a token, which it sends back until it is closed; NULL takes it away. */
void http_session_cookie(struct context *cx, const struct http_request *request,
                         struct http_reply *reply, const char *token);
/* A cookie by name, and one that holds a preference for a year. */
const char *http_cookie(struct context *cx, const struct http_request *request, const char *name);
void http_preference_cookie(struct context *cx, const struct http_request *request,
                            struct http_reply *reply, const char *name, const char *value);
/* The language that was chosen in this browser, "en" or "fr"; NULL: none was. */
const char *http_preferred_language(struct context *cx, const struct http_request *request);
/* What forms of a session carry, and requests that change something must (field `csrf` or header
 * X-CSRF-Token): another site cannot know it. Each time another text, all of which are good. */
const char *http_csrf_token(struct context *cx, const char *session_token);
/* ERR_FORM_EXPIRED when the request changes something without it, or another site asks. */
enum err http_csrf_check(struct context *cx, const struct http_request *request);

/* Answers with a page: the template filled from the view. */
void http_reply_page(struct http_reply *reply, int status, const char *template, struct view *view);
/* Sends the browser on by GET (303); htmx too. */
void http_reply_redirect(struct http_reply *reply, const struct http_request *request,
                         const char *address);
/* Answers with a file to be kept under a name. */
void http_reply_file(struct http_reply *reply, const char *content_type, const char *name,
                     const struct buf *content);
/* Answers with the JSON written so far. */
void http_reply_json(struct http_reply *reply, int status, struct json_writer *w);
void http_reply_header(struct http_reply *reply, const char *name, const char *value);
/* Sets the ETag from a resource's version. */
void http_reply_version(struct context *cx, struct http_reply *reply, int64_t version);
/* Refuses with ERR_VERSION_MISMATCH when If-Match is there and differs. */
enum err http_check_version(struct context *cx, const struct http_request *request,
                            int64_t version);
/* Renders the context's fault as application/problem+json. */
void http_reply_fault(struct context *cx, const struct http_request *request,
                      struct http_reply *reply);

/* Lists (api: ?limit= &after= &before=). Ids sort by birth, newest first in lists. */
struct http_page {
    int64_t limit;
    const char *after;  /* id, or "" */
    const char *before; /* id, or "" */
};
enum err http_page_read(struct context *cx, const struct http_request *request,
                        struct http_page *ret_page);
/* Replaces the answer kept for the request's Idempotency-Key; for finish functions, inside
 * their transaction. Does nothing without a key. */
enum err http_idempotency_keep(struct context *cx, const struct http_request *request,
                               const struct http_reply *reply);
