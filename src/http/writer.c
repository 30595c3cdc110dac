/* Who commits. Answers leave from here: job->end is called only once the commit is on disk. */
#include "base/log.h"
#include "http/http_private.h"

/* Runs the jobs in one transaction, a savepoint each (db_transact inside a batch makes them).
 * A job that fails by itself has undone itself and says OK here; an error is the store's, and
 * then nothing of the batch is kept. */
static enum err run_batch(struct crew_member *writer, struct job *batch)
{
    struct context cx = crew_context(writer);
    TRY(db_batch_begin(&cx));
    for (struct job *job = batch; job != NULL; job = job->next) {
        enum err err = job->run(job, writer->db);
        if (err != OK) {
            db_batch_rollback(&cx);
            return err;
        }
        atomic_fetch_add(&writer->server->stats->works, 1);
    }
    TRY(db_batch_commit(&cx));
    atomic_fetch_add(&writer->server->stats->commits, 1);
    return OK;
}

void *writer_run_batches(void *member)
{
    struct crew_member *self = member;
    struct server *server = self->server;
    for (;;) {
        struct job *batch = queue_take(self->queue, server->config->batch_max);
        if (batch == NULL)
            return NULL;
        enum err outcome = run_batch(self, batch);
        if (outcome != OK)
            log_line(LOG_ERROR, "batch_failed", "code", err_code(outcome), NULL);
        bool wakes = false;
        for (struct job *job = batch, *next; job != NULL; job = next) {
            next = job->next; /* the job is gone once it was ended */
            wakes |= job->wakes_tick;
            job->end(job, outcome);
        }
        if (wakes)
            tick_wake(server);
    }
}

void *writer_run_singles(void *member)
{
    struct crew_member *self = member;
    for (;;) {
        struct job *job = queue_take(self->queue, 1);
        if (job == NULL)
            return NULL;
        bool wakes = job->wakes_tick;
        enum err outcome = job->run(job, self->db);
        atomic_fetch_add(&self->server->stats->works, 1);
        if (outcome == OK)
            atomic_fetch_add(&self->server->stats->commits, 1);
        job->end(job, outcome);
        if (wakes)
            tick_wake(self->server);
    }
}

/* ── The port ─────────────────────────────────────────────────────────────────────────── */

/* A work of another thread, which waits meanwhile; so it lives on that thread's stack, and its
 * context is the writer's alone until it ends. */
struct port_job {
    struct job job;
    struct context *cx;
    db_work work;
    void *arg;
    enum err result;
    bool ended;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static enum err run_port_job(struct job *job, struct db *db)
{
    struct port_job *self = (struct port_job *)job;
    struct db *reading = self->cx->db;
    self->cx->db = db;
    self->result = db_transact(self->cx, self->work, self->arg);
    self->cx->db = reading;
    return work_store_failed(self->result) ? self->result : OK;
}

static void end_port_job(struct job *job, enum err outcome)
{
    struct port_job *self = (struct port_job *)job;
    pthread_mutex_lock(&self->lock);
    if (outcome != OK && self->result != outcome) {
        fault_clear(self->cx);
        self->result = fault(self->cx, outcome, NULL);
    }
    self->ended = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

enum err writer_port_run(struct db_writer_port *port, struct context *cx, db_work work, void *arg)
{
    struct server *server = ((struct writer_port *)port)->server;
    struct port_job self = {
        .job = {.run = run_port_job, .end = end_port_job},
        .cx = cx,
        .work = work,
        .arg = arg,
    };
    pthread_mutex_init(&self.lock, NULL);
    pthread_cond_init(&self.changed, NULL);
    if (queue_push(&server->writers.queue, &self.job)) {
        pthread_mutex_lock(&self.lock);
        while (!self.ended)
            pthread_cond_wait(&self.changed, &self.lock);
        pthread_mutex_unlock(&self.lock);
    } else {
        self.result = fault(cx, ERR_STORE_UNAVAILABLE, "what", "the server is stopping", NULL);
    }
    pthread_cond_destroy(&self.changed);
    pthread_mutex_destroy(&self.lock);
    return self.result;
}
