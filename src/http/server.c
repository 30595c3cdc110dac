/* Starting and stopping. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/http_private.h"

/* ── Listening ────────────────────────────────────────────────────────────────────────── */

static enum err listen_fault(struct context *cx, const char *listen_on, const char *why)
{
    return fault(cx, ERR_USAGE, "value",
                 arena_print(cx->arena, "cannot listen on %s (%s)", listen_on, why), NULL);
}

/* Splits "127.0.0.1:8420" or "[::1]:8420". */
static bool split_address(struct arena *arena, const char *text, const char **ret_host,
                          const char **ret_port)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || colon[1] == '\0')
        return false;
    bool bracketed = text[0] == '[' && colon[-1] == ']';
    const char *host = bracketed ? text + 1 : text;
    *ret_host = arena_copy_bytes(arena, host, (size_t)(colon - host) - bracketed);
    *ret_port = colon + 1;
    return true;
}

static int open_socket(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static enum err open_listener(struct context *cx, const char *listen_on, int *ret_fd)
{
    const char *host, *port;
    if (!split_address(cx->arena, listen_on, &host, &port))
        return listen_fault(cx, listen_on, "an address is ADDRESS:PORT");
    struct addrinfo hints = {
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
    };
    struct addrinfo *addresses;
    int resolved = getaddrinfo(host, port, &hints, &addresses);
    if (resolved != 0)
        return listen_fault(cx, listen_on, gai_strerror(resolved));
    int fd = open_socket(addresses);
    int reason = errno;
    freeaddrinfo(addresses);
    if (fd < 0)
        return listen_fault(cx, listen_on, strerrordesc_np(reason));
    *ret_fd = fd;
    return OK;
}

/* Says where, with the port that the system chose when the configuration left it to it. */
static void announce(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0 ||
        getnameinfo((struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    bool v6 = address.ss_family == AF_INET6;
    printf("listening on http://%s%s%s:%s\n", v6 ? "[" : "", host, v6 ? "]" : "", port);
    fflush(stdout);
}

/* Every connection is a descriptor, and SQLite and libpq need some too. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= HTTP_DESCRIPTORS_MAX)
        return;
    limit.rlim_cur = limit.rlim_max < HTTP_DESCRIPTORS_MAX ? limit.rlim_max : HTTP_DESCRIPTORS_MAX;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* ── Starting ─────────────────────────────────────────────────────────────────────────── */

/* Paths and queries are decoded by request.c, once the path has been split. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

[[gnu::format(printf, 2, 0)]] static void log_library(void *cls, const char *format, va_list values)
{
    (void)cls;
    char text[512];
    vsnprintf(text, sizeof text, format, values);
    text[strcspn(text, "\n")] = '\0';
    log_line(LOG_DEBUG, "http_library", "text", text, NULL);
}

static enum err start_daemon(struct context *cx, struct server *server, int listener)
{
    const unsigned flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC |
                           MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    unsigned idle_seconds = ((unsigned)server->client_wait_ms + 999) / 1000;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_access, server, MHD_OPTION_EXTERNAL_LOGGER, log_library,
        NULL, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)listener, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        deadline_notify, server, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, server,
        MHD_OPTION_END);
    if (server->daemon == NULL)
        return fault(cx, ERR_INTERNAL, NULL);
    return OK;
}

static enum err open_crews(struct context *cx, struct server *server)
{
    const struct http_config *config = server->config;
    struct db_writer_port *port = &server->port.port;
    TRY(crew_open(cx, server, &server->inline_reader, 1, DB_READER, NULL));
    server->kind = db_kind(server->inline_reader.members[0].db);
    int writers = server->kind == DB_SQLITE ? 1 : config->worker_count;
    TRY(crew_open(cx, server, &server->writers, writers, DB_WRITER, NULL));
    TRY(crew_open(cx, server, &server->readers, config->reader_count, DB_READER, port));
    TRY(crew_open(cx, server, &server->outbound, config->outbound_count, DB_READER, port));
    TRY(crew_open(cx, server, &server->thinkers, HTTP_THINKERS, DB_READER, port));
    TRY(crew_open(cx, server, &server->errands, 1, DB_READER, port));
    return crew_open(cx, server, &server->ticker, 1, DB_READER, port);
}

static enum err start_crews(struct context *cx, struct server *server)
{
    bool batches = server->kind == DB_SQLITE;
    TRY(crew_start(cx, &server->writers, batches ? writer_run_batches : writer_run_singles));
    TRY(crew_start(cx, &server->outbound, crew_run_jobs));
    TRY(crew_start(cx, &server->thinkers, crew_run_jobs));
    TRY(crew_start(cx, &server->readers, crew_run_jobs));
    TRY(crew_start(cx, &server->errands, errand_run));
    return crew_start(cx, &server->ticker, tick_run);
}

static enum err start_server(struct context *cx, struct server *server, int *ret_listener)
{
    TRY(open_crews(cx, server));
    TRY(open_listener(cx, server->config->listen, ret_listener));
    TRY(start_crews(cx, server));
    TRY(start_daemon(cx, server, *ret_listener));
    announce(*ret_listener);
    return OK;
}

/* ── Stopping ─────────────────────────────────────────────────────────────────────────── */

/* Waits until what is under way has been answered, within a limit. */
static void await_exchanges(struct server *server)
{
    int64_t until_us = clock_monotonic_us() + (int64_t)HTTP_STOP_WAIT_MS * 1000;
    while (atomic_load(&server->in_flight) > 0 && clock_monotonic_us() < until_us)
        usleep(2000);
}

/* From the outside in: no new connections, then no new work, then the pools, each after those
 * that push to it; the writer last. */
static void stop_server(struct server *server, int listener)
{
    atomic_store(&server->stopping, true);
    bool serving = server->daemon != NULL;
    if (serving) {
        MHD_quiesce_daemon(server->daemon);
        await_exchanges(server);
    }
    tick_stop(&server->tick);
    tick_stop(&server->errand_tick);
    crew_close(&server->ticker);
    crew_close(&server->errands);
    crew_close(&server->readers);
    crew_close(&server->thinkers);
    crew_close(&server->outbound);
    crew_close(&server->writers);
    if (serving)
        MHD_stop_daemon(server->daemon);
    crew_close(&server->inline_reader);
    if (listener >= 0)
        close(listener);
    for (int i = 0; i < server->free_arena_count; i++)
        arena_free(server->free_arenas[i]);
}

/* ── Serving ──────────────────────────────────────────────────────────────────────────── */

/* The main thread waits for the signals, which all other threads have blocked. */
static void serve_until(struct server *server, const sigset_t *signals)
{
    int step_ms = server->client_wait_ms < 1000 ? server->client_wait_ms : 1000;
    struct timespec step = {.tv_sec = step_ms / 1000, .tv_nsec = step_ms % 1000 * 1000000L};
    while (sigtimedwait(signals, NULL, &step) < 0)
        deadline_enforce(server);
}

enum err http_serve(struct context *cx, const struct http_config *config)
{
    struct server *server = ARENA_NEW(cx->arena, struct server);
    server->config = config;
    server->stats = config->stats != NULL ? config->stats : &server->own_stats;
    server->port = (struct writer_port){.port = {writer_port_run}, .server = server};
    server->client_wait_ms =
        config->client_wait_ms > 0 ? config->client_wait_ms : HTTP_CLIENT_WAIT_MS;
    pthread_mutex_init(&server->deadline_lock, NULL);
    tick_open(&server->tick);
    tick_open(&server->errand_tick);
    id_seed_random(&server->ids);
    raise_descriptor_limit();

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the write, not our end */

    int listener = -1;
    enum err err = start_server(cx, server, &listener);
    if (err == OK)
        serve_until(server, &signals);
    stop_server(server, listener);
    return err;
}
