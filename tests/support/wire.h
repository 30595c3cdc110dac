/* HTTP as bytes on a socket: what a test wants to see of connections, no library would show. */
#pragma once

#include <stddef.h>

enum { WIRE_HEAD_SIZE = 4096, WIRE_BODY_SIZE = 64 * 1024 };

struct wire_answer {
    int status;                /* 0: the connection ended without a whole answer */
    char head[WIRE_HEAD_SIZE]; /* status line and headers */
    char body[WIRE_BODY_SIZE]; /* ended by NUL */
};

/* Connects to a port of this machine; fails the test when it cannot. */
int wire_connect(int port);

/* Sends a request. `headers` are lines that end with \r\n ("" for none); `body` NULL: none. */
void wire_send(int fd, const char *method, const char *path, const char *headers, const char *body);
/* Sends bytes as they are; false when the other side has closed. */
bool wire_send_bytes(int fd, const char *data, size_t size);

/* Reads one answer; waits ten seconds at most. */
void wire_read(int fd, struct wire_answer *ret_answer);
/* The same for an answer that has no body whatever its Content-Length (HEAD). */
void wire_read_head(int fd, struct wire_answer *ret_answer);

/* Connects, asks once and closes. */
void wire_ask(int port, const char *method, const char *path, const char *headers, const char *body,
              struct wire_answer *ret_answer);

/* The value of a header; NULL when absent. The text lives until the next call. */
const char *wire_header(const struct wire_answer *answer, const char *name);
