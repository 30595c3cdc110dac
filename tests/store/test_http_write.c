/* What must hold for writing requests: one answer for one key, all or nothing, an answer only
 * after the commit. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "http/http_private.h"
#include "support/toy_store.h"
#include "support/wire.h"

#define ANNA "Authorization: Bearer anna\r\n"
#define BOB "Authorization: Bearer bob\r\n"
#define JSON "Content-Type: application/json\r\n"
#define KEY(key) "Idempotency-Key: " key "\r\n"
#define THING(id) "{\"id\":\"" id "\",\"value\":\"1\"}"

enum { CLIENTS = 50 };

static struct toy toy;

static int start(void **state)
{
    (void)state;
    toy = toy_start();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return toy_stop(&toy);
}

static void post(const char *path, const char *headers, const char *body,
                 struct wire_answer *ret_answer)
{
    wire_ask(toy.port, "POST", path, headers, body, ret_answer);
}

static bool is_replay(const struct wire_answer *answer)
{
    return wire_header(answer, "Idempotent-Replayed") != NULL;
}

/* ── Idempotency ──────────────────────────────────────────────────────────────────────── */

static void test_replay(void **state)
{
    (void)state;
    struct wire_answer first, second;
    post("/v1/things", ANNA JSON KEY("k1"), THING("a"), &first);
    assert_int_equal(first.status, 201);
    assert_false(is_replay(&first));
    post("/v1/things", ANNA JSON KEY("k1"), THING("a"), &second);
    assert_int_equal(second.status, 201);
    assert_true(is_replay(&second));
    assert_string_equal(second.body, first.body);
    assert_string_equal(wire_header(&second, "Location"), "/v1/things/a");
    assert_string_equal(wire_header(&second, "Content-Type"), "application/json");
    assert_int_equal(atomic_load(&toy.shared->runs), 1);
    assert_int_equal(toy_count(), 1);
}

static void test_reused_key(void **state)
{
    (void)state;
    struct wire_answer answer;
    post("/v1/things", ANNA JSON KEY("k1"), THING("a"), &answer);
    post("/v1/things", ANNA JSON KEY("k1"), THING("b"), &answer);
    assert_int_equal(answer.status, 409);
    assert_non_null(strstr(answer.body, "idempotency_key_reused"));
    wire_ask(toy.port, "DELETE", "/v1/things/a", ANNA KEY("k1"), NULL, &answer);
    assert_int_equal(answer.status, 409);
    post("/v1/things", BOB JSON KEY("k1"), THING("b"), &answer);
    assert_int_equal(answer.status, 201);
    assert_false(is_replay(&answer));
    assert_int_equal(toy_count(), 2);
}

static void test_bad_keys(void **state)
{
    (void)state;
    struct wire_answer answer;
    post("/v1/things", ANNA JSON KEY(""), THING("a"), &answer);
    assert_int_equal(answer.status, 400);
    char headers[512];
    snprintf(headers, sizeof headers, ANNA JSON "Idempotency-Key: %0256d\r\n", 1);
    post("/v1/things", headers, THING("a"), &answer);
    assert_int_equal(answer.status, 400);
    assert_non_null(strstr(answer.body, "\"param\":\"Idempotency-Key\""));
    snprintf(headers, sizeof headers, ANNA JSON "Idempotency-Key: %0255d\r\n", 1);
    post("/v1/things", headers, THING("a"), &answer);
    assert_int_equal(answer.status, 201);
}

/* The handler wrote before it refused: that is gone; the refusal is the answer that is kept. */
static void test_refusal_is_kept(void **state)
{
    (void)state;
    struct wire_answer first, second;
    post("/v1/things/refuse", ANNA KEY("k1"), NULL, &first);
    assert_int_equal(first.status, 422);
    assert_int_equal(toy_count(), 0);
    post("/v1/things/refuse", ANNA KEY("k1"), NULL, &second);
    assert_int_equal(second.status, 422);
    assert_true(is_replay(&second));
    assert_string_equal(second.body, first.body);
    assert_string_equal(wire_header(&second, "Content-Type"), "application/problem+json");
    assert_int_equal(atomic_load(&toy.shared->runs), 1);
}

static void test_failure_is_not_kept(void **state)
{
    (void)state;
    struct wire_answer answer;
    for (int run = 1; run <= 2; run++) {
        post("/v1/things/fail", ANNA KEY("k1"), NULL, &answer);
        assert_int_equal(answer.status, 500);
        assert_false(is_replay(&answer));
        assert_int_equal(atomic_load(&toy.shared->runs), run);
    }
    post("/v1/things/refuse", KEY("k2"), NULL, &answer);
    assert_int_equal(answer.status, 401);
    post("/v1/things/refuse", ANNA, NULL, &answer);
    assert_int_equal(answer.status, 422);
    assert_int_equal(toy_count(), 0);
}

/* After a day a key is free again, whether or not it was swept away. */
static void test_aged_key(void **state)
{
    (void)state;
    struct wire_answer answer;
    post("/v1/things", ANNA JSON KEY("k1"), THING("a"), &answer);
    post("/v1/things", ANNA JSON KEY("k2"), THING("b"), &answer);
    toy_age_keys(IDEMPOTENCY_LIFE_MS - 60000);
    toy_sweep_keys();
    assert_int_equal(toy_count_keys(), 2);
    post("/v1/things", ANNA JSON KEY("k1"), THING("a"), &answer);
    assert_true(is_replay(&answer));
    toy_age_keys(120000);
    post("/v1/things", ANNA JSON KEY("k1"), THING("c"), &answer);
    assert_int_equal(answer.status, 201);
    assert_false(is_replay(&answer));
    post("/v1/things", ANNA JSON KEY("k1"), THING("c"), &answer);
    assert_true(is_replay(&answer));
    toy_sweep_keys();
    assert_int_equal(toy_count_keys(), 1);
    assert_int_equal(toy_count(), 3);
}

/* All send before any reads. */
static void post_together(const char *path, const char *headers, bool same_body,
                          struct wire_answer *answers)
{
    int fds[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        char body[64];
        snprintf(body, sizeof body, "{\"id\":\"t%d\",\"value\":\"1\"}", same_body ? 0 : i);
        fds[i] = wire_connect(toy.port);
        wire_send(fds[i], "POST", path, headers, body);
    }
    for (int i = 0; i < CLIENTS; i++) {
        wire_read(fds[i], &answers[i]);
        close(fds[i]);
    }
}

static struct wire_answer answers[CLIENTS];

static void test_same_key_at_once(void **state)
{
    (void)state;
    post_together("/v1/things/slow", ANNA JSON KEY("k1"), true, answers);
    int replays = 0;
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(answers[i].status, 201);
        assert_string_equal(answers[i].body, answers[0].body);
        replays += is_replay(&answers[i]);
    }
    assert_int_equal(replays, CLIENTS - 1);
    assert_int_equal(atomic_load(&toy.shared->runs), 1);
    assert_int_equal(toy_count(), 1);
}

/* ── Finishing ────────────────────────────────────────────────────────────────────────── */

static void test_finish(void **state)
{
    (void)state;
    struct wire_answer answer, repeated;
    int fd = wire_connect(toy.port);
    wire_send(fd, "POST", "/v1/things/f/pay", ANNA KEY("k1"), NULL);
    usleep(TOY_SLOW_MS * 1000 / 2);
    post("/v1/things/f/pay", ANNA KEY("k1"), NULL, &repeated);
    assert_int_equal(repeated.status, 409);
    assert_non_null(strstr(repeated.body, "idempotency_running"));
    assert_string_equal(wire_header(&repeated, "Retry-After"), "1");
    wire_read(fd, &answer);
    close(fd);
    assert_int_equal(answer.status, 201);
    assert_non_null(strstr(answer.body, "paid"));
    post("/v1/things/f/pay", ANNA KEY("k1"), NULL, &repeated);
    assert_int_equal(repeated.status, 201);
    assert_true(is_replay(&repeated));
    assert_string_equal(repeated.body, answer.body);
    post("/v1/things/g/pay", ANNA, NULL, &answer);
    assert_int_equal(answer.status, 201);
    assert_int_equal(toy_count(), 2);
}

/* What was committed is the answer, whatever became of the finish. */
static void test_finish_fails(void **state)
{
    (void)state;
    struct wire_answer answer;
    post("/v1/things/f/break", ANNA KEY("k1"), NULL, &answer);
    assert_int_equal(answer.status, 202);
    assert_non_null(strstr(answer.body, "processing"));
    post("/v1/things/f/break", ANNA KEY("k1"), NULL, &answer);
    assert_int_equal(answer.status, 409);
    toy_age_keys(IDEMPOTENCY_RUNNING_MS + 1);
    post("/v1/things/f/break", ANNA KEY("k1"), NULL, &answer);
    assert_int_equal(answer.status, 202);
    assert_true(is_replay(&answer));
    assert_non_null(strstr(answer.body, "processing"));
    assert_int_equal(toy_count(), 1);
}

/* ── Committing ───────────────────────────────────────────────────────────────────────── */

/* While the writer is busy with one, the others gather; then they share a commit. */
static void test_group_commit(void **state)
{
    (void)state;
    struct wire_answer answer;
    int fd = wire_connect(toy.port);
    wire_send(fd, "POST", "/v1/things/slow", ANNA JSON, THING("first"));
    usleep(TOY_SLOW_MS * 1000 / 6);
    post_together("/v1/things", ANNA JSON, false, answers);
    wire_read(fd, &answer);
    close(fd);
    assert_int_equal(answer.status, 201);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(answers[i].status, 201);
    assert_int_equal(toy_count(), CLIENTS + 1);
    int64_t works = atomic_load(&toy.shared->stats.works); /* a sweep may be among them */
    int64_t commits = atomic_load(&toy.shared->stats.commits);
    assert_true(works >= CLIENTS + 1);
    if (toy.sqlite)
        assert_true(commits < CLIENTS / 2);
    else
        assert_int_equal(commits, works);
}

/* One refusal among many takes nobody else's work with it. */
static void test_refusal_in_batch(void **state)
{
    (void)state;
    struct wire_answer answer;
    int slow = wire_connect(toy.port), refused = wire_connect(toy.port);
    wire_send(slow, "POST", "/v1/things/slow", ANNA JSON, THING("first"));
    usleep(TOY_SLOW_MS * 1000 / 6);
    wire_send(refused, "POST", "/v1/things/refuse", ANNA, NULL);
    post_together("/v1/things", ANNA JSON, false, answers);
    wire_read(refused, &answer);
    assert_int_equal(answer.status, 422);
    wire_read(slow, &answer);
    assert_int_equal(answer.status, 201);
    close(slow);
    close(refused);
    assert_int_equal(toy_count(), CLIENTS + 1);
}

/* Nothing of a batch that cannot be written is kept, nobody hears of success, and the same
 * keys succeed once there is room. */
static void test_full_disk(void **state)
{
    (void)state;
    struct wire_answer answer;
    if (!toy.sqlite)
        skip();
    post("/v1/things", ANNA JSON, THING("before"), &answer);
    wire_ask(toy.port, "GET", "/v1/disk/full", ANNA, NULL, &answer);
    post_together("/v1/things", ANNA JSON, false, answers);
    post("/v1/things", ANNA JSON KEY("k1"), THING("after"), &answer);
    assert_true(answer.status == 503 || answer.status == 507);
    for (int i = 0; i < CLIENTS; i++)
        assert_true(answers[i].status == 503 || answers[i].status == 507);
    wire_ask(toy.port, "GET", "/v1/disk/free", ANNA, NULL, &answer);
    assert_int_equal(toy_count(), 1);
    for (int i = 0; i < 2; i++) {
        post("/v1/things", ANNA JSON KEY("k1"), THING("after"), &answer);
        assert_int_equal(answer.status, 201);
        assert_int_equal(is_replay(&answer), i == 1);
    }
    assert_int_equal(toy_count(), 2);
}

/* The database goes away and comes back: an error or an answer, never half of it, and the same
 * key completes once. */
static void test_lost_database(void **state)
{
    (void)state;
    struct wire_answer answer = {0};
    if (toy.sqlite)
        skip();
    int fd = wire_connect(toy.port);
    wire_send(fd, "POST", "/v1/things/slow", ANNA JSON KEY("k1"), THING("a"));
    usleep(TOY_SLOW_MS * 1000 / 2);
    toy_disconnect();
    wire_read(fd, &answer);
    close(fd);
    assert_int_equal(answer.status, 503);
    assert_string_equal(wire_header(&answer, "Retry-After"), "1");
    assert_int_equal(toy_count(), 0);
    for (int i = 0; i < 12 && (answer.status != 201 || !is_replay(&answer)); i++)
        post("/v1/things", ANNA JSON KEY("k2"), THING("b"), &answer);
    assert_true(is_replay(&answer));
    wire_ask(toy.port, "GET", "/v1/things/b", ANNA, NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(toy_count(), 1);
}

/* ── Ticking and stopping ─────────────────────────────────────────────────────────────── */

/* Every second, and sooner when something was written. */
static void test_tick(void **state)
{
    (void)state;
    struct wire_answer answer;
    for (int i = 0; i < 30 && atomic_load(&toy.shared->ticks) < 2; i++)
        usleep(100000);
    int ticks = atomic_load(&toy.shared->ticks);
    assert_true(ticks >= 2);
    for (int i = 0; i < 5; i++) {
        post("/v1/things/refuse", ANNA, NULL, &answer);
        usleep(HTTP_TICK_GAP_MS * 3 * 1000);
    }
    assert_true(atomic_load(&toy.shared->ticks) >= ticks + 4);
}

static void test_graceful_stop(void **state)
{
    (void)state;
    struct wire_answer answer;
    int writing = wire_connect(toy.port), paying = wire_connect(toy.port);
    int idle = wire_connect(toy.port);
    wire_send(paying, "POST", "/v1/things/f/pay", ANNA, NULL);
    wire_send(writing, "POST", "/v1/things/slow", ANNA JSON, THING("s"));
    usleep(TOY_SLOW_MS * 1000 / 3);
    kill(toy.pid, SIGTERM);
    wire_read(writing, &answer);
    assert_int_equal(answer.status, 201);
    assert_string_equal(wire_header(&answer, "Connection"), "close");
    wire_read(paying, &answer);
    assert_int_equal(answer.status, 201);
    assert_non_null(strstr(answer.body, "paid"));
    close(writing);
    close(paying);
    close(idle);
    assert_int_equal(toy_count(), 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_replay, start, stop),
        cmocka_unit_test_setup_teardown(test_reused_key, start, stop),
        cmocka_unit_test_setup_teardown(test_bad_keys, start, stop),
        cmocka_unit_test_setup_teardown(test_refusal_is_kept, start, stop),
        cmocka_unit_test_setup_teardown(test_failure_is_not_kept, start, stop),
        cmocka_unit_test_setup_teardown(test_aged_key, start, stop),
        cmocka_unit_test_setup_teardown(test_same_key_at_once, start, stop),
        cmocka_unit_test_setup_teardown(test_finish, start, stop),
        cmocka_unit_test_setup_teardown(test_finish_fails, start, stop),
        cmocka_unit_test_setup_teardown(test_group_commit, start, stop),
        cmocka_unit_test_setup_teardown(test_refusal_in_batch, start, stop),
        cmocka_unit_test_setup_teardown(test_full_disk, start, stop),
        cmocka_unit_test_setup_teardown(test_lost_database, start, stop),
        cmocka_unit_test_setup_teardown(test_tick, start, stop),
        cmocka_unit_test_setup_teardown(test_graceful_stop, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
