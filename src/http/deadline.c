/* Clients that send or take one byte now and then. libmicrohttpd ends connections on which
 * nothing happens; here a whole head, body or answer has a limit.
 *
 * The lock makes sure that a socket that is shut down is still the one that was late: its
 * number goes back to the system only after the notice that it closes. */
#include <sys/socket.h>

#include "base/clock.h"
#include "http/http_private.h"

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == NULL || info->connect_fd < 0 || info->connect_fd >= HTTP_DESCRIPTORS_MAX)
        return -1;
    return info->connect_fd;
}

void deadline_set(struct server *server, struct MHD_Connection *connection, bool limited)
{
    int fd = socket_of(connection);
    if (fd < 0)
        return;
    int64_t wait_us = (int64_t)server->client_wait_ms * 1000;
    atomic_store(&server->deadline_us[fd], limited ? clock_monotonic_us() + wait_us : 0);
}

void deadline_notify(void *cls, struct MHD_Connection *connection, void **socket_context,
                     enum MHD_ConnectionNotificationCode what)
{
    (void)socket_context;
    struct server *server = cls;
    pthread_mutex_lock(&server->deadline_lock);
    deadline_set(server, connection, what == MHD_CONNECTION_NOTIFY_STARTED);
    pthread_mutex_unlock(&server->deadline_lock);
}

void deadline_enforce(struct server *server)
{
    int64_t now_us = clock_monotonic_us();
    pthread_mutex_lock(&server->deadline_lock);
    for (int fd = 0; fd < HTTP_DESCRIPTORS_MAX; fd++) {
        int64_t until_us = atomic_load(&server->deadline_us[fd]);
        if (until_us == 0 || until_us > now_us)
            continue;
        shutdown(fd, SHUT_RDWR);
        atomic_store(&server->deadline_us[fd], 0);
    }
    pthread_mutex_unlock(&server->deadline_lock);
}
