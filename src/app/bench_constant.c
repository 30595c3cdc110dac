#include "app/bench_constant.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>

#include "app/bench.h"

enum { CONNECTIONS_MAX = 1024, HEAD_MAX = 16 * 1024, IDLE_SECONDS = 60 };

/* An answer at the first call would close the connection. */
static enum MHD_Result answer(void *response, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **state)
{
    static int began; /* only its address is used */
    (void)url, (void)method, (void)version, (void)upload_data;
    if (*state == NULL) {
        *state = &began;
        return MHD_YES;
    }
    if (*upload_data_size > 0) {
        *upload_data_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

static struct MHD_Response *create_response(struct context *cx, size_t body_size)
{
    char *body = arena_alloc(cx->arena, body_size + 1);
    memset(body, 'x', body_size);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body_size, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "X-Request-Id", "req_00000000000000000000000000");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    return response;
}

static void wait_for_signal(void)
{
    sigset_t signals;
    int signal;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigwait(&signals, &signal);
}

enum err bench_constant_serve(struct context *cx, size_t body_size)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct MHD_Response *response = create_response(cx, body_size);
    const unsigned flags =
        MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, answer, response, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HEAD_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        daemon != NULL ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (info == NULL)
        return bench_fail("the library does not start");
    printf("listening on http://127.0.0.1:%d\n", (int)info->port);
    fflush(stdout);
    wait_for_signal();
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return OK;
}
