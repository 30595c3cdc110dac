/* Threads of one kind, each with its own connection to the store. */
#include "base/clock.h"
#include "base/limits.h"
#include "http/http_private.h"

enum err crew_open(struct context *cx, struct server *server, struct crew *crew, int count,
                   enum db_mode mode, struct db_writer_port *port)
{
    assert(count > 0 && count <= HTTP_THREADS_MAX);
    queue_open(&crew->queue);
    for (crew->count = 0; crew->count < count; crew->count++) {
        struct crew_member *member = &crew->members[crew->count];
        struct db *db;
        TRY(db_open(cx, &db, server->config->store, mode, false));
        if (port != NULL && db_kind(db) == DB_SQLITE)
            db_set_writer(db, port);
        *member = (struct crew_member){
            .server = server,
            .queue = &crew->queue,
            .db = db,
            .arena = arena_create(REQUEST_ARENA_MAX),
        };
    }
    return OK;
}

enum err crew_start(struct context *cx, struct crew *crew, void *(*main)(void *))
{
    for (int i = 0; i < crew->count; i++) {
        struct crew_member *member = &crew->members[i];
        if (pthread_create(&member->thread, NULL, main, member) != 0)
            return fault(cx, ERR_INTERNAL, "what", "the system gives no more threads", NULL);
        member->running = true;
    }
    return OK;
}

void crew_close(struct crew *crew)
{
    if (crew->count == 0)
        return;
    queue_close(&crew->queue);
    for (int i = 0; i < crew->count; i++) {
        struct crew_member *member = &crew->members[i];
        if (member->running)
            pthread_join(member->thread, NULL);
        db_close(member->db);
        arena_free(member->arena);
    }
    crew->count = 0;
}

struct context crew_context(struct crew_member *member)
{
    arena_reset(member->arena);
    int64_t wall = clock_wall_ms();
    struct context cx = {
        .arena = member->arena,
        .db = member->db,
        .now = wall,
        .wall = wall,
        .actor = {.kind = ACTOR_ENGINE, .id = "", .customer = ""},
        .customer = "",
        .language = "en",
        .cause = "",
    };
    id_seed_random(&cx.ids);
    return cx;
}

void *crew_run_jobs(void *member)
{
    struct crew_member *self = member;
    for (;;) {
        struct job *job = queue_take(self->queue, 1);
        if (job == NULL)
            return NULL;
        enum err outcome = job->run(job, self->db);
        job->end(job, outcome);
    }
}
