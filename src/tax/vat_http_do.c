#include "tax/vat_http_do.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { VAT_ASK_MS = 5000, VAT_CONNECT_MS = 3000, VAT_BODY_MAX = 65536 };

/* What is not reached from outside: this machine and private networks (RFC 6890). */
static const struct network {
    uint32_t address;
    int bits;
} INSIDE[] = {
    {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
    {0xac100000, 12}, {0xc0000000, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xe0000000, 3},
};

static bool is_inside_v4(uint32_t address)
{
    for (size_t i = 0; i < sizeof INSIDE / sizeof *INSIDE; i++) {
        uint32_t mask = ~(uint32_t)0 << (32 - INSIDE[i].bits);
        if ((address & mask) == INSIDE[i].address)
            return true;
    }
    return false;
}

/* Only global addresses of version 6 (2000::/3) are outside; those that carry one of version 4
 * are judged by it. */
static bool is_inside_v6(const struct in6_addr *address)
{
    const unsigned char *bytes = address->s6_addr;
    bool is_6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
    if ((bytes[0] & 0xe0) != 0x20)
        return true;
    return is_6to4 && is_inside_v4((uint32_t)bytes[2] << 24 | (uint32_t)bytes[3] << 16 |
                                   (uint32_t)bytes[4] << 8 | bytes[5]);
}

static bool is_inside(const struct sockaddr *to)
{
    if (to->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, to, sizeof v4);
        return is_inside_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (to->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, to, sizeof v6);
        return is_inside_v6(&v6.sin6_addr);
    }
    return true;
}

static bool is_loopback(const struct sockaddr *to)
{
    struct sockaddr_in v4;
    if (to->sa_family != AF_INET)
        return false;
    memcpy(&v4, to, sizeof v4);
    return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
}

/* The last word on where a connection goes, after the name was resolved. */
static curl_socket_t open_socket(void *is_local, curlsocktype purpose, struct curl_sockaddr *to)
{
    (void)purpose;
    bool may = *(const bool *)is_local ? is_loopback(&to->addr) : !is_inside(&to->addr);
    return may ? socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol) : CURL_SOCKET_BAD;
}

/* What has come so far. */
struct body {
    char *bytes;
    size_t size;
};

static size_t take(char *bytes, size_t one, size_t count, void *arg)
{
    struct body *body = arg;
    size_t size = one * count;
    if (size > VAT_BODY_MAX - body->size)
        return 0;
    memcpy(body->bytes + body->size, bytes, size);
    body->size += size;
    return size;
}

static void set_up(CURL *curl, const char *address, const bool *is_local, struct body *body)
{
    curl_easy_setopt(curl, CURLOPT_URL, address);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, *is_local ? "http" : "https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)VAT_ASK_MS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)VAT_CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, (void *)(uintptr_t)is_local);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
}

static const char *reason_of(CURLcode code)
{
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return "timeout";
    case CURLE_WRITE_ERROR:
        return "malformed";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "certificate";
    default:
        return "unreachable";
    }
}

static struct vat_reply ask(struct context *cx, CURL *curl, const struct vat_question *question,
                            const struct body *body)
{
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, vat_question_encode(cx, question));
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        return (struct vat_reply){.answer = VAT_UNKNOWN, .reason = reason_of(code)};
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return vat_reply_decode(cx, question, status, body->bytes, body->size);
}

struct vat_reply vat_http_ask(struct context *cx, const char *address, bool is_local,
                              const struct vat_question *question)
{
    struct vat_reply reply = {.answer = VAT_UNKNOWN, .reason = "unreachable"};
    struct body body = {.bytes = arena_alloc(cx->arena, VAT_BODY_MAX)};
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return reply;
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    set_up(curl, address, &is_local, &body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    reply = ask(cx, curl, question, &body);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return reply;
}
