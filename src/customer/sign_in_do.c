#include "customer/sign_in_do.h"

#include "base/hash.h"
#include "base/limits.h"
#include "customer/session_store.h"
#include "db/db.h"

static const char *hash_of(struct context *cx, const char *text)
{
    char hash[HASH_TEXT_SIZE];
    hash_bytes(text, strlen(text), hash);
    return arena_copy(cx->arena, hash);
}

/* Mail addresses are the same in capitals. */
static const char *lower(struct context *cx, const char *email)
{
    char *text = arena_copy(cx->arena, email);
    for (char *c = text; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return text;
}

enum err password_set(struct context *cx, const char *email, const char *password)
{
    char hash[PASSWORD_HASH_SIZE];
    if (strlen(password) < PASSWORD_MIN || strlen(password) > PASSWORD_MAX) {
        return fault(cx, ERR_INVALID, "param", "/password", "value",
                     "must have at least 12 characters", NULL);
    }
    if (!password_hash(password, hash))
        return fault(cx, ERR_INTERNAL, "value", "no memory for a password", NULL);
    return login_save(cx, lower(cx, email), hash);
}

/* ── Signing in ───────────────────────────────────────────────────────────────────────── */

static enum err count_work(struct context *cx, void *arg)
{
    return failure_count(cx, arg, cx->wall - SIGN_IN_WINDOW_MS);
}

static enum err clear_work(struct context *cx, void *arg)
{
    return failure_clear(cx, arg);
}

static enum err check_rate(struct context *cx, const char *scope)
{
    int64_t count;
    instant since;
    TRY(failure_load(cx, scope, cx->wall - SIGN_IN_WINDOW_MS, &count, &since));
    if (count < SIGN_IN_FAILURES_MAX)
        return OK;
    int64_t seconds = (since + SIGN_IN_WINDOW_MS - cx->wall) / 1000 + 1;
    return fault(cx, ERR_RATE_LIMITED, "retry_after", arena_print(cx->arena, "%" PRId64, seconds),
                 NULL);
}

enum err sign_in_check(struct context *cx, const char *email, const char *password,
                       const char *address, struct person_list *ret_people)
{
    const char *name = lower(cx, email);
    const char *hash = NULL;
    char *scope =
        arena_copy(cx->arena, hash_of(cx, arena_print(cx->arena, "%s %s", address, name)));
    TRY(check_rate(cx, scope));
    TRY(login_load(cx, name, &hash));
    TRY(person_list_by_email(cx, name, ret_people));
    bool right = strlen(password) <= PASSWORD_MAX &&
                 password_verify(password, ret_people->count > 0 ? hash : NULL);
    if (!right) {
        TRY(db_transact(cx, count_work, scope));
        return fault(cx, ERR_SIGN_IN_FAILED, NULL);
    }
    return db_transact(cx, clear_work, scope);
}

/* ── Sessions ─────────────────────────────────────────────────────────────────────────── */

const char *session_hash(struct context *cx, const char *token)
{
    return hash_of(cx, token);
}

struct begin_work {
    const struct person *person;
    const char *token;
};

static enum err begin_work(struct context *cx, void *arg)
{
    const struct begin_work *work = arg;
    return session_insert(cx, hash_of(cx, work->token), work->person);
}

enum err session_begin(struct context *cx, const struct person *person, const char **ret_token)
{
    char token[SECRET_TEXT_SIZE];
    secret_create(token);
    struct begin_work work = {person, token};
    TRY(db_transact(cx, begin_work, &work));
    *ret_token = arena_copy(cx->arena, token);
    return OK;
}

enum err form_keep(struct context *cx, const char *customer, const char *person,
                   const char *address, const char *body, const char **ret_secret)
{
    char secret[SECRET_TEXT_SIZE];
    secret_create(secret);
    const struct kept_form form = {hash_of(cx, secret), customer, person, address, body};
    TRY(kept_form_insert(cx, &form));
    *ret_secret = arena_copy(cx->arena, secret);
    return OK;
}
