/* The inside of the server; only src/http/ and its test read it.
 *
 * The way of a request, called an exchange here:
 *
 *     exchange.c   the epoll thread: head, body, route; then one of
 *                    - answered at once (a fault of the request itself, ROUTE_INLINE),
 *                    - suspended and pushed to the queue of the readers,
 *                    - suspended and pushed to the queue of the writer
 *     work.c       what a reader, writer or outbound thread does with it
 *     writer.c     who commits, and when the answers may leave
 *     exchange.c   resumed: the answer is sent, the arena goes back to the free list
 */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"
#include "http/http.h"

enum {
    HTTP_THREADS_MAX = 64, /* of one kind */
    HTTP_CONNECTIONS_MAX = 1024,
    HTTP_DESCRIPTORS_MAX = 4096,         /* sockets above are not watched for slowness */
    HTTP_HEAD_MAX = 16 * 1024,           /* bytes of request line and headers */
    HTTP_HEADER_VALUE_MAX = 4096,        /* bytes of one header that is read */
    HTTP_SEGMENTS_MAX = 8,               /* of a path */
    HTTP_BODIES_MAX = 128 * 1024 * 1024, /* bytes of all bodies being received together */
    HTTP_DRAIN_MAX = 16 * 1024 * 1024,   /* bytes of a body too large that are read away */
    HTTP_ARENAS_KEPT = 64,
    HTTP_ALLOW_SIZE = 40,
    HTTP_CLIENT_WAIT_MS = 60000, /* for a whole head, a whole body, a whole answer */
    HTTP_STOP_WAIT_MS = 30000,
    HTTP_THINKERS = 2, /* each hashes one password at a time, which takes memory */
    HTTP_TICK_MS = 1000,
    HTTP_TICK_GAP_MS = 20, /* least rest between two ticks */
    HTTP_SWEEP_MS = 60000, /* between two removals of aged idempotency keys */
    IDEMPOTENCY_RUNNING_MS = 30000,
};

/* ── Queues ───────────────────────────────────────────────────────────────────────────── */

/* Something to do on a thread that owns a connection to the store. */
struct job {
    struct job *next;
    /* Does the work. On SQLite's writer it runs inside the batch. Returns the error of the
     * store that makes the batch worthless, else OK. */
    enum err (*run)(struct job *job, struct db *db);
    /* Hands the outcome on: `outcome` is OK when what was written is kept. */
    void (*end)(struct job *job, enum err outcome);
    bool wakes_tick; /* its writing may have made work for the tick */
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct job *first;
    struct job *last;
    bool closed;
};

void queue_open(struct queue *queue);
/* Says false, and takes nothing, when the queue is closed. */
bool queue_push(struct queue *queue, struct job *job);
/* Waits for work and takes at most `max`, oldest first, as a list; NULL once the queue is
 * closed and empty. */
struct job *queue_take(struct queue *queue, int max);
void queue_close(struct queue *queue);

/* ── Threads ──────────────────────────────────────────────────────────────────────────── */

struct server;

/* A thread with its connection. */
struct crew_member {
    struct server *server;
    struct queue *queue;
    struct db *db;
    struct arena *arena; /* of the thread's own doing: opening, begin, commit */
    pthread_t thread;
    bool running;
};

/* Threads of one kind that share a queue. */
struct crew {
    struct queue queue;
    struct crew_member members[HTTP_THREADS_MAX];
    int count;
};

/* Opens the connections of a crew (port: give each the port to the writer). */
enum err crew_open(struct context *cx, struct server *server, struct crew *crew, int count,
                   enum db_mode mode, struct db_writer_port *port);
/* Starts its threads with `main`, which gets the member. */
enum err crew_start(struct context *cx, struct crew *crew, void *(*main)(void *));
/* Lets the threads finish what is queued, ends them and closes the connections. */
void crew_close(struct crew *crew);
/* A context for the thread's own doing; the arena is reset. */
struct context crew_context(struct crew_member *member);
/* The thread's main for readers and outbound calls: one job after the other. */
void *crew_run_jobs(void *member);

/* ── The writer ───────────────────────────────────────────────────────────────────────── */

/* SQLite: one thread, many jobs a commit. */
void *writer_run_batches(void *member);
/* PostgreSQL: each job commits by itself. */
void *writer_run_singles(void *member);
/* The port for works of other threads. */
struct writer_port {
    struct db_writer_port port; /* first: the store knows the port by it */
    struct server *server;
};
enum err writer_port_run(struct db_writer_port *port, struct context *cx, db_work work, void *arg);

/* ── The tick ─────────────────────────────────────────────────────────────────────────── */

struct tick {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken;
    bool stopping;
};

void tick_open(struct tick *tick);
/* Makes the next tick come soon: something was written that may be due. */
void tick_wake(struct server *server);
void tick_stop(struct tick *tick);
void *tick_run(void *member);
void *errand_run(void *member);

/* ── The server ───────────────────────────────────────────────────────────────────────── */

struct server {
    const struct http_config *config;
    struct http_stats *stats;
    enum db_kind kind;
    struct writer_port port;
    struct crew readers;
    struct crew writers;
    struct crew outbound;
    struct crew thinkers;      /* ROUTE_OUTSIDE */
    struct crew ticker;        /* one member */
    struct crew errands;       /* one member */
    struct crew inline_reader; /* one member, whose thread is libmicrohttpd's */
    struct tick tick;
    struct tick errand_tick;
    struct MHD_Daemon *daemon;
    struct http_stats own_stats;
    _Atomic bool stopping;
    _Atomic int in_flight; /* exchanges begun and not yet completed */
    int client_wait_ms;

    /* When a socket must have finished what it is at; monotonic, 0: no limit. */
    pthread_mutex_t deadline_lock;
    _Atomic int64_t deadline_us[HTTP_DESCRIPTORS_MAX];

    /* Only for the epoll thread. The ids of an exchange begin where `ids` stands: asking the
     * system for randomness costs each of them a call. */
    struct id_source ids;
    struct arena *free_arenas[HTTP_ARENAS_KEPT];
    int free_arena_count;
    size_t bodies_size;
};

/* Connections that take too long (deadline.c). Set by the epoll thread, enforced by the main
 * thread. */
void deadline_notify(void *server, struct MHD_Connection *connection, void **socket_context,
                     enum MHD_ConnectionNotificationCode what);
void deadline_set(struct server *server, struct MHD_Connection *connection, bool limited);
void deadline_enforce(struct server *server);

/* ── Exchanges ────────────────────────────────────────────────────────────────────────── */

enum exchange_stage { EXCHANGE_READING, EXCHANGE_WORKING, EXCHANGE_ANSWERED };

struct exchange {
    struct job job; /* first: the queues know the exchange by it */
    struct server *server;
    struct MHD_Connection *connection;
    struct context cx;
    struct http_request request;
    struct http_reply reply;
    enum exchange_stage stage;
    enum err refusal; /* of the request itself, or of the work */
    struct buf body;
    size_t body_max;
    size_t body_seen;  /* bytes that came, kept or not */
    const char *allow; /* methods, for 405 */
    int64_t began_us;
};

enum MHD_Result exchange_access(void *server, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload_data,
                                size_t *upload_data_size, void **state);
void exchange_completed(void *server, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code);

/* The kinds of work (work.c): job->run, and what follows. */
enum err work_read(struct job *job, struct db *db);
enum err work_write(struct job *job, struct db *db);
enum err work_outside(struct job *job, struct db *db);
enum err work_finish(struct job *job, struct db *db);
void work_end_read(struct job *job, enum err outcome);
void work_end_write(struct job *job, enum err outcome);
/* Is it an error after which nothing of a batch may be kept? */
bool work_store_failed(enum err err);

/* Lets the epoll thread send the reply. */
void exchange_answer(struct exchange *exchange);
/* Makes the body of a page small for the way, when the client takes that. */
void http_pack(struct context *cx, const struct http_request *request, struct http_reply *reply);
/* Makes the fault of the exchange its reply. */
void exchange_refuse(struct exchange *exchange, enum err err);

/* ── Requests ─────────────────────────────────────────────────────────────────────────── */

/* Fills the request from the head: headers and remote address. ERR_INVALID for a header that
 * is there twice, too long, or holds what is no text. */
enum err request_read_head(struct context *cx, struct MHD_Connection *connection,
                           struct http_request *request);
/* Decodes the query and refuses what the route does not name, or twice. */
enum err request_read_query(struct context *cx, struct MHD_Connection *connection,
                            struct http_request *request);
/* Decodes %XX; NULL when that gives no clean text. */
const char *request_decode(struct arena *arena, const char *text, size_t size);
/* The same where lines may end in it. */
const char *request_decode_lines(struct arena *arena, const char *text, size_t size);
/* UTF-8 without control characters? */
bool request_is_text(const char *text, size_t size);
/* "fr" or "en", by the weights of an Accept-Language header (NULL: "en"). */
const char *request_language(const char *accept_language);
/* Checks the type of the body. */
enum err request_check_body(struct context *cx, struct MHD_Connection *connection,
                            const struct http_request *request);

/* Finds the route for the raw path; sets request->route and the path's values. Errors:
 * ERR_NOT_FOUND; ERR_METHOD_NOT_ALLOWED, with the methods there are in *ret_allow. */
enum err router_match(struct context *cx, const struct http_config *config, const char *method,
                      struct http_request *request, const char **ret_allow);

/* ── Idempotency ──────────────────────────────────────────────────────────────────────── */

/* Claims the request's key inside the transaction of its handler. *ret_claimed false: there is
 * an answer already, now in *ret_reply. Errors: ERR_IDEMPOTENCY_KEY_REUSED,
 * ERR_IDEMPOTENCY_RUNNING, and those of the store. */
enum err idempotency_claim(struct context *cx, const struct http_request *request,
                           bool *ret_claimed, struct http_reply *ret_reply);
/* Keeps the answer of a claimed key, in the same transaction. `running`: a finish follows. */
enum err idempotency_save(struct context *cx, const struct http_request *request,
                          const struct http_reply *reply, bool running);
/* After a finish: keeps its answer when it has not kept one itself. */
enum err idempotency_settle(struct context *cx, const struct http_request *request,
                            const struct http_reply *reply);
/* Removes keys that are older than a day, a bounded number at a time. */
enum err idempotency_sweep(struct context *cx);
