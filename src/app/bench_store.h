/* A store that exists as long as one benchmark. */
#pragma once

#include "base/context.h"
#include "base/list.h"

struct bench_store {
    const char *where;  /* for db_open */
    const char *place;  /* its folder or its schema; NULL: there is none */
    const char *server; /* postgresql://…, or NULL */
};

/* Makes an empty store: a file in a new folder of $TMPDIR (else /var/tmp, which is on a disk
 * where /tmp may be memory), or a schema of the server. */
enum err bench_store_create(struct context *cx, const char *server, struct bench_store *ret_store);
/* Removes it; nothing happens when there is none. */
void bench_store_remove(struct context *cx, struct bench_store *store);

struct table_rows {
    const char *table;
    int64_t count;
};
LIST_TYPE(table_rows_list, struct table_rows);

/* How many rows each table holds, by name. */
enum err bench_store_count(struct context *cx, const struct bench_store *store,
                           struct table_rows_list *ret_tables);

/* Copies a store that is a file, page by page, into another that is empty. */
enum err bench_store_copy(struct context *cx, const struct bench_store *from,
                          const struct bench_store *to);

/* The greatest number of a document of cx->db. */
enum err bench_store_last_number(struct context *cx, int64_t *ret_number);

/* Memory of this process that is in use now. */
int64_t bench_resident_kb(void);

/* Counts the documents of cx->db that await their number. */
enum err bench_store_count_unnumbered(struct context *cx, int64_t *ret_count);
