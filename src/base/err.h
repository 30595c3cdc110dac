/* Results of functions that can fail.
 *
 * Every fallible function returns `enum err`; the compiler refuses to ignore it. The list of
 * errors, with the code the world sees and its HTTP status, is errors.def; the sentences are
 * in web/messages. What happened in detail is kept in the context's fault (fault.h).
 */
#pragma once

enum [[nodiscard]] err
{
    OK = 0,
#define ERROR(name, code, kind, http_status) ERR_##name,
#include "base/errors.def"
#undef ERROR
    ERR_COUNT
};

/* What the caller can do about an error. */
enum err_kind {
    ERR_KIND_NONE,
    ERR_KIND_INPUT,        /* correct the request */
    ERR_KIND_AUTH,         /* say who you are */
    ERR_KIND_PERMISSION,   /* ask someone who may */
    ERR_KIND_MISSING,      /* it does not exist, for you */
    ERR_KIND_STATE,        /* look again, then decide */
    ERR_KIND_RULE,         /* a rule of the business says no */
    ERR_KIND_PRECONDITION, /* the version you named is not the present one */
    ERR_KIND_LIMIT,        /* later */
    ERR_KIND_STORE,        /* the store cannot take it now: retry */
    ERR_KIND_INTERNAL,     /* our fault */
};

/* Returns the stable code ("addon_not_removable"). */
const char *err_code(enum err err);
enum err_kind err_kind(enum err err);
int err_http_status(enum err err);

/* Returns the error of that code, or OK when there is none. */
enum err err_parse(const char *code);

/* Leaves the function with the error of `call`, if it has one. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum err try_err_ = (call);                                                                \
        if (try_err_ != OK)                                                                        \
            return try_err_;                                                                       \
    } while (0)
