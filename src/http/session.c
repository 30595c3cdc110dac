/* What a browser holds of a session: a cookie that no script can read and no other site can have
 * sent along with a change, and the token its forms carry. */
#include "base/hash.h"
#include "http/http_private.h"

static const char SESSION_COOKIE[] = "annex_session";

const char *http_cookie(struct context *cx, const struct http_request *request, const char *name)
{
    const char *rest = request->cookie != NULL ? request->cookie : "";
    size_t length = strlen(name);
    while (*rest != '\0') {
        rest += strspn(rest, "; ");
        size_t size = strcspn(rest, ";");
        if (size > length && rest[length] == '=' && memcmp(rest, name, length) == 0)
            return arena_copy_bytes(cx->arena, rest + length + 1, size - length - 1);
        rest += size;
    }
    return NULL;
}

const char *http_session_token(struct context *cx, const struct http_request *request)
{
    const char *token = http_cookie(cx, request, SESSION_COOKIE);
    return token != NULL && strlen(token) == SECRET_TEXT_SIZE - 1 ? token : NULL;
}

/* Behind a proxy that ends https the browser must not send it in the clear. */
static const char *secure(const struct http_request *request)
{
    const char *proto = request->forwarded_proto;
    return proto != NULL && strcasecmp(proto, "https") == 0 ? "; Secure" : "";
}

void http_session_cookie(struct context *cx, const struct http_request *request,
                         struct http_reply *reply, const char *token)
{
    const char *value = arena_print(cx->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                                    SESSION_COOKIE, token != NULL ? token : "",
                                    token != NULL ? "" : "; Max-Age=0", secure(request));
    http_reply_header(reply, "Set-Cookie", value);
}

void http_preference_cookie(struct context *cx, const struct http_request *request,
                            struct http_reply *reply, const char *name, const char *value)
{
    http_reply_header(reply, "Set-Cookie",
                      arena_print(cx->arena,
                                  "%s=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax%s", name,
                                  value, secure(request)));
}

const char *http_preferred_language(struct context *cx, const struct http_request *request)
{
    static const char *const LANGUAGES[] = {"en", "fr"};
    const char *chosen = http_cookie(cx, request, "annex_lang");
    for (size_t i = 0; chosen != NULL && i < sizeof LANGUAGES / sizeof *LANGUAGES; i++)
        if (strcmp(chosen, LANGUAGES[i]) == 0)
            return LANGUAGES[i];
    return NULL;
}

static void csrf_digest(struct context *cx, const char *session_token,
                        char ret_hash[HASH_TEXT_SIZE])
{
    const char *text = arena_print(cx->arena, "csrf %s", session_token);
    hash_bytes(text, strlen(text), ret_hash);
}

const char *http_csrf_token(struct context *cx, const char *session_token)
{
    char hash[HASH_TEXT_SIZE], masked[HASH_MASKED_SIZE];
    csrf_digest(cx, session_token, hash);
    hash_mask(hash, masked);
    return arena_copy(cx->arena, masked);
}

static enum err given_token(struct context *cx, const struct http_request *request,
                            const char **ret_token)
{
    *ret_token = request->csrf;
    if (request->csrf != NULL || !http_is_page(request))
        return OK;
    struct http_form *form = ARENA_NEW(cx->arena, struct http_form);
    TRY(http_form_read(cx, request, form));
    *ret_token = http_form_value(form, "csrf");
    return OK;
}

enum err http_csrf_check(struct context *cx, const struct http_request *request)
{
    if (request->method == HTTP_GET)
        return OK;
    const char *site = request->fetch_site;
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return fault(cx, ERR_FORM_EXPIRED, NULL);
    if (request->session == NULL || request->session->is_over)
        return OK;
    const char *given = NULL;
    char wanted[HASH_TEXT_SIZE];
    TRY(given_token(cx, request, &given));
    csrf_digest(cx, request->session->token, wanted);
    if (given == NULL || !hash_masked_equal(given, wanted))
        return fault(cx, ERR_FORM_EXPIRED, NULL);
    return OK;
}
