#include "app/authorize.h"

#include "app/permissions.h"
#include "base/hash.h"
#include "customer/person_store.h"

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

static enum err check_permission(struct context *cx, const struct http_request *request)
{
    uint64_t needed = request->route->permission;
    if ((cx->actor.permissions & needed) != needed)
        return fault(cx, ERR_FORBIDDEN, NULL);
    if ((needed & customer_permissions()) != 0 && cx->customer[0] == '\0') {
        return fault(cx, ERR_INVALID, "param", "Annex-Organization", "value",
                     "must name the organization that the request is about", NULL);
    }
    return OK;
}

enum err authorize(struct context *cx, const struct http_request *request)
{
    cx->now = cx->wall;
    cx->customer = "";
    cx->actor = (struct actor){.kind = ACTOR_NONE, .id = "", .customer = ""};
    if ((request->route->flags & ROUTE_PUBLIC) != 0)
        return OK;

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
