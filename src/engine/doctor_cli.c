#include "engine/doctor_cli.h"

#include "db/db.h"
#include "engine/doctor_do.h"

static enum err doctor_run(struct context *cx, bool as_json)
{
    TRY(db_check_schema(cx));
    return doctor_print(cx, as_json);
}

enum err doctor_cli(struct context *cx, int argc, char **argv)
{
    const char *where = NULL;
    bool as_json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            as_json = true;
        else if (strcmp(argv[i], "--store") == 0 && i + 1 < argc)
            where = argv[++i];
        else
            return fault(cx, ERR_USAGE, "value", "annex doctor --store WHERE [--json]", NULL);
    }
    if (where == NULL)
        return fault(cx, ERR_USAGE, "value", "annex doctor --store WHERE [--json]", NULL);
    TRY(db_open(cx, &cx->db, where, DB_READER, false));
    enum err err = doctor_run(cx, as_json);
    db_close(cx->db);
    cx->db = NULL;
    return err;
}
