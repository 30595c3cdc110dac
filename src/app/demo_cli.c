#include "app/demo_cli.h"

#include "app/app.h"
#include "app/demo.h"

/* Says whether somebody lives there already: a demonstration never mixes with real books. */
static enum err demo_check_empty(struct context *cx, const char *where)
{
    int64_t count;
    TRY(db_one_integer(cx, &count, "SELECT COUNT(*) FROM organization", DB_NO_ARGS));
    if (count == 0)
        return OK;
    return fault(cx, ERR_USAGE, "value",
                 arena_print(cx->arena, "%s has customers already: name another store", where),
                 NULL);
}

static enum err demo_make(struct context *cx, const char *where)
{
    struct demo_world *world;
    struct app app;
    TRY(db_migrate(cx));
    TRY(demo_check_empty(cx, where));
    TRY(demo_file_read(cx, &world));
    TRY(demo_save_seller(cx, world));
    TRY(app_open(cx, &app));
    enum err err = demo_fill(cx, world);
    app_end(&app);
    return err;
}

enum err demo_cli(struct context *cx, int argc, char **argv)
{
    const char *where = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--store") == 0)
            where = argv[i + 1];
    }
    if (where == NULL || argc != 3)
        return fault(cx, ERR_USAGE, "value", "annex demo --store WHERE", NULL);
    TRY(db_open(cx, &cx->db, where, DB_WRITER, true));
    enum err err = demo_make(cx, where);
    db_close(cx->db);
    cx->db = NULL;
    return err;
}
