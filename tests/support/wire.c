#include "support/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

enum { WIRE_WAIT_MS = 10000 };

int wire_connect(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

bool wire_send_bytes(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

void wire_send(int fd, const char *method, const char *path, const char *headers, const char *body)
{
    char head[WIRE_HEAD_SIZE], length[64] = "";
    if (body != NULL)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    int size = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: test\r\n%s%s\r\n", method, path,
                        headers, length);
    assert_true(size > 0 && (size_t)size < sizeof head);
    wire_send_bytes(fd, head, (size_t)size);
    if (body != NULL)
        wire_send_bytes(fd, body, strlen(body));
}

/* Reads at most `size` bytes; 0 at the end, and when nothing comes. */
static size_t read_some(int fd, char *data, size_t size)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    if (poll(&readable, 1, WIRE_WAIT_MS) <= 0)
        return 0;
    ssize_t got = recv(fd, data, size, 0);
    return got > 0 ? (size_t)got : 0;
}

static bool read_head(int fd, struct wire_answer *answer)
{
    size_t size = 0;
    while (size < WIRE_HEAD_SIZE - 1) {
        if (read_some(fd, answer->head + size, 1) == 0)
            return false;
        answer->head[++size] = '\0';
        if (size >= 4 && memcmp(answer->head + size - 4, "\r\n\r\n", 4) == 0)
            return true;
    }
    return false;
}

static void read_answer(int fd, struct wire_answer *ret_answer, bool has_body)
{
    memset(ret_answer, 0, sizeof *ret_answer);
    if (!read_head(fd, ret_answer) || strncmp(ret_answer->head, "HTTP/1.1 ", 9) != 0)
        return;
    const char *length = wire_header(ret_answer, "Content-Length");
    size_t wanted = has_body && length != NULL ? strtoul(length, NULL, 10) : 0;
    assert_true(wanted < WIRE_BODY_SIZE);
    for (size_t size = 0; size < wanted;) {
        size_t got = read_some(fd, ret_answer->body + size, wanted - size);
        if (got == 0)
            return;
        size += got;
    }
    ret_answer->status = (int)strtol(ret_answer->head + 9, NULL, 10);
}

void wire_read(int fd, struct wire_answer *ret_answer)
{
    read_answer(fd, ret_answer, true);
}

void wire_read_head(int fd, struct wire_answer *ret_answer)
{
    read_answer(fd, ret_answer, false);
}

void wire_ask(int port, const char *method, const char *path, const char *headers, const char *body,
              struct wire_answer *ret_answer)
{
    int fd = wire_connect(port);
    wire_send(fd, method, path, headers, body);
    wire_read(fd, ret_answer);
    close(fd);
}

const char *wire_header(const struct wire_answer *answer, const char *name)
{
    static char value[WIRE_HEAD_SIZE];
    size_t length = strlen(name);
    for (const char *line = strstr(answer->head, "\r\n"); line != NULL;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        const char *start = line + length + 1 + strspn(line + length + 1, " ");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(start, "\r"), start);
        return value;
    }
    return NULL;
}
