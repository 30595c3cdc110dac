#include "app/bench_child.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "app/bench.h"
#include "app/bench_constant.h"
#include "app/serve_cli.h"
#include "http/http.h"

/* What the child is to do; it prints "listening on http://ADDRESS:PORT" as serve does. */
struct child_work {
    const char *store; /* NULL: the constant reply */
    struct http_stats *stats;
    size_t body_size;
};

static _Noreturn void run_child(struct context *cx, const struct child_work *work, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(output, STDOUT_FILENO);
    enum err err;
    if (work->store != NULL)
        err = serve_run(cx, work->store, "127.0.0.1:0", work->stats);
    else
        err = bench_constant_serve(cx, work->body_size);
    _exit(err == OK ? 0 : 1);
}

/* Reads the child's first line, and the port at its end. */
static bool read_port(int input, int *ret_port)
{
    char line[256];
    size_t size = 0;
    while (size + 1 < sizeof line) {
        ssize_t got = read(input, line + size, sizeof line - size - 1);
        if (got <= 0)
            return false;
        size += (size_t)got;
        line[size] = '\0';
        if (strchr(line, '\n') == NULL)
            continue;
        const char *colon = strrchr(line, ':');
        *ret_port = colon != NULL ? (int)strtoll(colon + 1, NULL, 10) : 0;
        return *ret_port > 0;
    }
    return false;
}

static enum err start_child(struct context *cx, const struct child_work *work,
                            struct bench_child *ret_child)
{
    int ends[2];
    struct bench_child child = {.stats = work->stats};
    if (pipe(ends) != 0)
        return bench_fail("the system gives no more pipes");
    fflush(NULL); /* or the child would write it a second time */
    child.pid = fork();
    if (child.pid == 0)
        run_child(cx, work, ends[1]);
    close(ends[1]);
    bool listens = child.pid > 0 && read_port(ends[0], &child.port);
    close(ends[0]);
    if (!listens) {
        bench_child_stop(&child);
        return bench_fail("the server did not start");
    }
    *ret_child = child;
    return OK;
}

enum err bench_child_serve(struct context *cx, const char *store, struct bench_child *ret_child)
{
    struct http_stats *stats =
        mmap(NULL, sizeof *stats, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (stats == MAP_FAILED)
        return bench_fail("the system gives no more memory");
    struct child_work work = {.store = store, .stats = stats};
    enum err err = start_child(cx, &work, ret_child);
    if (err != OK)
        munmap(stats, sizeof *stats);
    return err;
}

enum err bench_child_constant(struct context *cx, size_t body_size, struct bench_child *ret_child)
{
    struct child_work work = {.body_size = body_size};
    return start_child(cx, &work, ret_child);
}

static int64_t us_of(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

int64_t bench_child_stop(struct bench_child *child)
{
    struct rusage usage = {0};
    if (child->pid > 0) {
        kill(child->pid, SIGTERM);
        wait4(child->pid, NULL, 0, &usage);
    }
    if (child->stats != NULL)
        munmap(child->stats, sizeof *child->stats);
    *child = (struct bench_child){0};
    return us_of(usage.ru_utime) + us_of(usage.ru_stime);
}
