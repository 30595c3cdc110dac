#include "app/bench_load.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"

enum { SILENCE_MAX_US = 30000000, WAIT_MS = 100, ROOM_FIRST = 64 * 1024, SHOWN_MAX = 300 };

struct load_connection {
    int fd;    /* -1: closed */
    bool busy; /* an answer is awaited */
    int64_t sent_us;
    struct buf request;
    char *answer; /* ended by NUL */
    size_t answer_size;
    size_t room;
};

/* One answer, as it lies in a connection's buffer. */
struct answer {
    int status;
    const char *body;
    size_t body_size;
};

struct run {
    struct context *cx;
    struct load *load;
    int epoll;
    int64_t until_us;
    int64_t last_us; /* when something last came */
    int busy;
    int64_t count;
};

struct load load_create(struct context *cx, int port,
                        void (*write_request)(void *arg, struct buf *text), void *arg)
{
    struct load load = {
        .port = port,
        .write_request = write_request,
        .arg = arg,
        .connections = ARENA_ARRAY(cx->arena, struct load_connection, LOAD_CONNECTIONS),
        .latencies = ARENA_ARRAY(cx->arena, uint32_t, LOAD_LATENCY_MAX_US + 1),
    };
    for (size_t i = 0; i < LOAD_CONNECTIONS; i++) {
        load.connections[i] = (struct load_connection){
            .fd = -1,
            .request = buf_create(cx->arena),
            .answer = arena_alloc(cx->arena, ROOM_FIRST),
            .room = ROOM_FIRST,
        };
    }
    return load;
}

/* Connections -------------------------------------------------------------------------------- */

static enum err connect_one(struct run *run, struct load_connection *connection)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)run->load->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connection->busy = false;
    connection->answer_size = 0;
    if (connection->fd < 0 ||
        connect(connection->fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return bench_fail("the server does not listen");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (epoll_ctl(run->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        return bench_fail("the system watches no more connections");
    return OK;
}

static void close_all(struct run *run)
{
    for (size_t i = 0; i < LOAD_CONNECTIONS; i++) {
        struct load_connection *connection = &run->load->connections[i];
        if (connection->fd >= 0)
            close(connection->fd);
        connection->fd = -1;
    }
    if (run->epoll >= 0)
        close(run->epoll);
}

/* A request fits a socket's buffer but for the rarest case, in which waiting is no harm. */
static enum err send_all(const struct load_connection *connection)
{
    const char *data = connection->request.data;
    size_t left = connection->request.size;
    while (left > 0) {
        ssize_t sent = send(connection->fd, data, left, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd writable = {.fd = connection->fd, .events = POLLOUT};
            poll(&writable, 1, WAIT_MS);
            sent = 0;
        }
        if (sent < 0)
            return bench_fail("the server hung up");
        data += sent;
        left -= (size_t)sent;
    }
    return OK;
}

static enum err send_next(struct run *run, struct load_connection *connection)
{
    connection->request.size = 0;
    run->load->write_request(run->load->arg, &connection->request);
    connection->answer_size = 0;
    connection->busy = true;
    run->busy++;
    connection->sent_us = clock_monotonic_us();
    return send_all(connection);
}

/* Answers ------------------------------------------------------------------------------------ */

/* Finds the answer when all of it is there. The server names the length of every body. */
static bool find_answer(const struct load_connection *connection, struct answer *ret_answer)
{
    static const char LENGTH[] = "\r\nContent-Length:";
    const char *text = connection->answer;
    const char *end = strstr(text, "\r\n\r\n");
    const char *space = strchr(text, ' ');
    if (end == NULL || space == NULL)
        return false;
    const char *length = strcasestr(text, LENGTH);
    struct answer answer = {.status = (int)strtoll(space, NULL, 10), .body = end + 4};
    if (length != NULL && length < end)
        answer.body_size = strtoull(length + strlen(LENGTH), NULL, 10);
    *ret_answer = answer;
    size_t head_size = (size_t)(answer.body - text);
    return connection->answer_size - head_size >= answer.body_size;
}

static void note_latency(struct load *load, int64_t took_us)
{
    load->latencies[took_us < LOAD_LATENCY_MAX_US ? took_us : LOAD_LATENCY_MAX_US]++;
}

static enum err take_answer(struct run *run, struct load_connection *connection,
                            const struct answer *answer)
{
    struct load *load = run->load;
    int64_t now_us = clock_monotonic_us();
    if (answer->status < 200 || answer->status > 299) {
        return bench_fail("the server answered %d: %.*s", answer->status, SHOWN_MAX, answer->body);
    }
    note_latency(load, now_us - connection->sent_us);
    connection->busy = false;
    run->busy--;
    run->count++;
    load->answered++;
    load->answered_bytes += (int64_t)answer->body_size;
    if (load->sample == NULL)
        load->sample = arena_copy_bytes(run->cx->arena, answer->body, answer->body_size);
    run->last_us = now_us;
    return now_us < run->until_us ? send_next(run, connection) : OK;
}

static void make_room(struct run *run, struct load_connection *connection)
{
    if (connection->answer_size + 1 < connection->room)
        return;
    char *larger = arena_alloc(run->cx->arena, connection->room * 2);
    memcpy(larger, connection->answer, connection->answer_size);
    connection->answer = larger;
    connection->room *= 2;
}

static enum err receive(struct run *run, struct load_connection *connection)
{
    struct answer answer;
    make_room(run, connection);
    char *end = connection->answer + connection->answer_size;
    size_t room = connection->room - connection->answer_size - 1;
    ssize_t got = recv(connection->fd, end, room, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return OK;
    if (got <= 0 || !connection->busy)
        return bench_fail("the server hung up");
    connection->answer_size += (size_t)got;
    end[got] = '\0';
    return find_answer(connection, &answer) ? take_answer(run, connection, &answer) : OK;
}

/* Running ------------------------------------------------------------------------------------ */

static enum err run_connections(struct run *run)
{
    struct epoll_event events[LOAD_CONNECTIONS];
    for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
        TRY(connect_one(run, &run->load->connections[i]));
    for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
        TRY(send_next(run, &run->load->connections[i]));
    while (run->busy > 0) {
        int wait_ms = run->load->stays_awake ? 0 : WAIT_MS;
        int count = epoll_wait(run->epoll, events, LOAD_CONNECTIONS, wait_ms);
        for (int i = 0; i < count; i++)
            TRY(receive(run, events[i].data.ptr));
        TRY(bench_check_interrupted(run->cx));
        if (count == 0 && clock_monotonic_us() - run->last_us > SILENCE_MAX_US)
            return bench_fail("the server fell silent");
    }
    return OK;
}

/* The least latency that this share of the requests did not exceed. */
static int64_t percentile(const struct load *load, int64_t count, int64_t percent)
{
    int64_t seen = 0;
    for (int64_t us = 0; us < LOAD_LATENCY_MAX_US; us++) {
        seen += load->latencies[us];
        if (seen * 100 >= count * percent)
            return us;
    }
    return LOAD_LATENCY_MAX_US;
}

enum err load_run(struct context *cx, void *arg, int64_t duration_us, struct bench_round *ret_round)
{
    struct load *load = arg;
    int64_t began_us = clock_monotonic_us();
    struct run run = {
        .cx = cx,
        .load = load,
        .epoll = epoll_create1(EPOLL_CLOEXEC),
        .until_us = began_us + duration_us,
        .last_us = began_us,
    };
    memset(load->latencies, 0, sizeof *load->latencies * (LOAD_LATENCY_MAX_US + 1));
    enum err err = run_connections(&run);
    close_all(&run);
    TRY(err);
    *ret_round = (struct bench_round){
        .count = run.count,
        .elapsed_us = run.last_us - began_us,
        .p50_us = percentile(load, run.count, 50),
        .p99_us = percentile(load, run.count, 99),
    };
    return OK;
}
