#include "engine/doctor_cli.h"

#include <string.h>

#include "db/db.h"
#include "engine/doctor_do.h"

static const char HELP[] =
    "annex doctor --store WHERE [--json]   recomputes every invariant from the rows of the store\n"
    "\n"
    "WHERE is a file or postgresql://…. A line for each fault, and at the end how many there are,\n"
    "or \"books are right\": only then the exit status is 0.\n";

static enum err refuse_usage(struct context *cx, const char *what)
{
    return fault(cx, ERR_USAGE, "value", arena_print(cx->arena, "annex doctor: %s", what), NULL);
}

enum err doctor_cli(struct context *cx, int argc, char **argv)
{
    const char *store = NULL;
    bool as_json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(HELP, stdout);
            return OK;
        }
        if (strcmp(argv[i], "--store") == 0 && i + 1 < argc)
            store = argv[++i];
        else if (strcmp(argv[i], "--json") == 0)
            as_json = true;
        else
            return refuse_usage(
                cx, arena_print(cx->arena, "%s is not known, or lacks its value", argv[i]));
    }
    if (store == NULL)
        return refuse_usage(cx, "say --store WHERE");
    TRY(db_open(cx, &cx->db, store, DB_READER, false));
    enum err err = db_check_schema(cx);
    if (err == OK)
        err = doctor_print(cx, as_json);
    db_close(cx->db);
    cx->db = NULL;
    return err;
}
