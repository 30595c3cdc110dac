#include "app/authorize.h"

#include "base/hash.h"
#include "customer/permissions.h"
#include "customer/person_store.h"
#include "customer/session_store.h"
#include "customer/sign_in_do.h"

/* "Bearer annex_test_…" gives the digest of the key; false when it is anything else. */
static bool parse_key(const char *authorization, char ret_hash[HASH_TEXT_SIZE])
{
    static const char SCHEME[] = "Bearer ";
    size_t length = sizeof SCHEME - 1;
    if (authorization == NULL || strncasecmp(authorization, SCHEME, length) != 0)
        return false;
    const char *key = authorization + length;
    key += strspn(key, " ");
    hash_bytes(key, strlen(key), ret_hash);
    return true;
}

/* The organisation that is named, or NULL; header and query have to agree. */
static enum err find_organization(struct context *cx, const struct http_request *request,
                                  const char **ret_organization)
{
    const char *header = request->organization;
    const char *query = http_query(request, "organization");
    if (header != NULL && query != NULL && strcmp(header, query) != 0) {
        return fault(cx, ERR_INVALID, "param", "Annex-Organization", "value",
                     "must be the organization of the query", NULL);
    }
    *ret_organization = header != NULL ? header : query;
    return OK;
}

static bool is_valid(const struct api_key *key, instant wall)
{
    return key->revoked_at == INSTANT_NONE &&
           (key->expires_at == INSTANT_NONE || wall < key->expires_at);
}

/* Which organisation the request is about; "" for none. */
static enum err admit_organization(struct context *cx, const struct key_holder *holder,
                                   const char *named, const char **ret_customer)
{
    const struct api_key *key = &holder->key;
    bool of_seller = key->customer[0] == '\0';
    if (of_seller && named == NULL) {
        *ret_customer = "";
        return OK;
    }
    /* Whoever may not see customers does not learn which there are. */
    if (of_seller && (roles_permissions(holder->roles) & PERM_CUSTOMERS_VIEW) == 0)
        return fault(cx, ERR_FORBIDDEN, NULL);
    bool is_other = !of_seller && named != NULL && strcmp(named, key->customer) != 0;
    if (is_other || holder->customer == NULL || holder->live != key->live)
        return fault(cx, ERR_NOT_FOUND, "param", "Annex-Organization", NULL);
    *ret_customer = holder->customer;
    return OK;
}

/* ── Sessions ─────────────────────────────────────────────────────────────────────────── */

static bool is_over(const struct context *cx, const struct signed_in *in)
{
    return in->ended_at != INSTANT_NONE || cx->wall - in->seen_at >= SESSION_IDLE_MS ||
           cx->wall - in->created_at >= SESSION_LIFE_MS;
}

static struct http_session *session_of(struct context *cx, const char *token,
                                       const struct signed_in *in)
{
    struct http_session *session = ARENA_NEW(cx->arena, struct http_session);
    *session = (struct http_session){
        .hash = session_hash(cx, token),
        .token = token,
        .is_over = is_over(cx, in),
        .slides = cx->wall - in->seen_at >= SESSION_SEEN_MS,
        .person = in->person.id,
        .customer = in->person.customer,
        .name = in->person.name,
        .email = in->person.email,
        .login = in->login,
        .has_others = in->has_others,
        .organization = in->organization,
        .language = in->person.language,
        .view = in->view,
        .theme = in->theme,
        .live = in->live,
    };
    return session;
}

/* Finds the session of the cookie, if there is one that is known. */
static enum err find_session(struct context *cx, struct http_request *request,
                             struct signed_in *ret_in)
{
    const char *token = http_session_token(cx, request);
    bool found = false;
    request->session = NULL;
    if (token == NULL)
        return OK;
    TRY(session_load(cx, session_hash(cx, token), &found, ret_in));
    if (found)
        request->session = session_of(cx, token, ret_in);
    return OK;
}

static enum err check_permission(struct context *cx, const struct http_request *request);

static enum err authorize_session(struct context *cx, struct http_request *request)
{
    struct signed_in in;
    bool is_page = http_is_page(request);
    TRY(find_session(cx, request, &in));
    const struct http_session *session = request->session;
    if (session != NULL && is_page)
        cx->language = session->language;
    if ((request->route->flags & ROUTE_PUBLIC) != 0)
        return http_csrf_check(cx, request);
    if (session == NULL || session->is_over)
        return fault(cx, ERR_UNAUTHENTICATED, NULL);
    TRY(http_csrf_check(cx, request));
    bool of_customer = session->customer[0] != '\0';
    unsigned side = request->route->flags & (ROUTE_SELLER | ROUTE_ANYONE);
    if (side != ROUTE_ANYONE && of_customer == (side == ROUTE_SELLER))
        return fault(cx, ERR_NOT_FOUND, NULL);
    cx->customer = session->customer;
    if (of_customer && in.clock_at != INSTANT_NONE)
        cx->now = in.clock_at;
    if (request->accept_language == NULL)
        cx->language = session->language;
    cx->actor = (struct actor){
        .kind = of_customer ? ACTOR_PERSON : ACTOR_STAFF,
        .id = session->person,
        .customer = cx->customer,
        .permissions = roles_permissions(in.roles),
        .live = session->live,
    };
    return check_permission(cx, request);
}

/* ── Both ─────────────────────────────────────────────────────────────────────────────── */

static enum err check_permission(struct context *cx, const struct http_request *request)
{
    uint64_t needed = request->route->permission;
    cx->actor.changes_billing = (cx->actor.permissions & PERM_BILLING_FREQUENCY) != 0;
    if (http_route_missing(cx, request->route) != 0)
        return fault(cx, ERR_FORBIDDEN, NULL);
    bool of_seller = (request->route->flags & ROUTE_SELLER) != 0; /* names it by itself */
    if ((needed & customer_permissions()) != 0 && !of_seller && cx->customer[0] == '\0') {
        return fault(cx, ERR_INVALID, "param", "Annex-Organization", "value",
                     "must name the organization that the request is about", NULL);
    }
    return OK;
}

enum err authorize(struct context *cx, struct http_request *request)
{
    cx->now = cx->wall;
    cx->customer = "";
    cx->actor = (struct actor){.kind = ACTOR_NONE, .id = "", .customer = ""};
    bool is_page = http_is_page(request);
    if (!is_page && (request->route->flags & ROUTE_PUBLIC) != 0)
        return OK;
    if (is_page || (request->authorization == NULL && request->cookie != NULL))
        return authorize_session(cx, request);

    char hash[HASH_TEXT_SIZE];
    const char *named = NULL;
    struct key_holder holder;
    bool found = false;
    if (!parse_key(request->authorization, hash))
        return fault(cx, ERR_UNAUTHENTICATED, NULL);
    TRY(find_organization(cx, request, &named));
    TRY(key_load_holder(cx, hash, named, &found, &holder));
    if (!found || !is_valid(&holder.key, cx->wall))
        return fault(cx, ERR_UNAUTHENTICATED, NULL);
    TRY(admit_organization(cx, &holder, named, &cx->customer));

    if (cx->customer[0] != '\0' && holder.clock_at != INSTANT_NONE)
        cx->now = holder.clock_at;
    if (request->accept_language == NULL)
        cx->language = holder.language;
    cx->actor = (struct actor){
        .kind = holder.key.customer[0] == '\0' ? ACTOR_STAFF : ACTOR_PERSON,
        .id = holder.key.id,
        .customer = cx->customer,
        .permissions = roles_permissions(holder.roles) & scopes_permissions(holder.key.scopes),
        .live = holder.key.live,
    };
    return check_permission(cx, request);
}
