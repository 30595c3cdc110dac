#include "base/err.h"

struct err_row {
    const char *code;
    enum err_kind kind;
    int http_status;
};

static const struct err_row ERR_ROWS[ERR_COUNT] = {
    [OK] = {"ok", ERR_KIND_NONE, 200},
#define ERROR(name, code, kind, http_status) [ERR_##name] = {code, ERR_KIND_##kind, http_status},
#include "base/errors.def"
#undef ERROR
};

static const struct err_row *err_row(enum err err)
{
    assert((unsigned)err < ERR_COUNT);
    return &ERR_ROWS[err];
}

const char *err_code(enum err err)
{
    return err_row(err)->code;
}

enum err_kind err_kind(enum err err)
{
    return err_row(err)->kind;
}

int err_http_status(enum err err)
{
    return err_row(err)->http_status;
}

enum err err_parse(const char *code)
{
    for (int i = OK + 1; i < ERR_COUNT; i++) {
        if (strcmp(ERR_ROWS[i].code, code) == 0)
            return (enum err)i;
    }
    return OK;
}
