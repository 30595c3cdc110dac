/* What belongs to no customer: catalogue versions and document numbers (rules §1, §6). */
#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "catalog/catalog_file.h"
#include "db/db.h"
#include "engine/doctor_store.h"

/* Catalogues ----------------------------------------------------------------------------------- */

static void check_catalog(struct context *cx, struct doctor *doctor, const char *where,
                          const char *text, const char *hash)
{
    struct catalog *catalog;
    struct catalog_faults faults = {0};
    char expected[HASH_TEXT_SIZE];
    hash_bytes(text, strlen(text), expected);
    if (strcmp(hash, expected) != 0) {
        doctor_note(doctor, where, expected, hash);
        return;
    }
    if (catalog_parse(cx, text, strlen(text), &catalog, &faults) != OK)
        doctor_note(doctor, where, "a valid catalogue",
                    faults.count > 0 ? faults.lines[0] : "none");
    fault_clear(cx);
}

/* "A version never changes": what was published is still what it was. */
static enum err check_catalogs(struct context *cx, struct doctor *doctor)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows, "SELECT number, body, hash FROM catalog_version ORDER BY number",
                  DB_NO_ARGS));
    for (int64_t number = 1; db_next(&rows); number++) {
        int64_t found = db_get_integer(&rows, 0);
        const char *where = arena_print(cx->arena, "catalogue %" PRId64, found);
        doctor_compare(doctor, where, number, found);
        check_catalog(cx, doctor, where, db_get_text(&rows, 1), db_get_text(&rows, 2));
        doctor->checked[DOCTOR_CATALOGS]++;
    }
    return db_done(&rows);
}

const struct doctor_check DOCTOR_CATALOG_CHECKS[] = {
    {.name = "catalog", .run = check_catalogs},
    {.name = NULL},
};

/* Numbers -------------------------------------------------------------------------------------- */

#define SERIES "d.series || ' ' || d.type || ' ' || CAST(d.year AS text)"

const struct doctor_check DOCTOR_NUMBER_CHECKS[] = {
    /* "number without gaps per seller, series … and year" */
    {.name = "number_gap",
     .sql = "SELECT " SERIES ", CAST(COUNT(*) AS text) || ' numbers from 1',"
            " CAST(MIN(d.number) AS text) || ' to ' || CAST(MAX(d.number) AS text)"
            " FROM document d WHERE d.number IS NOT NULL GROUP BY d.series, d.type, d.year"
            " HAVING MIN(d.number) <> 1 OR MAX(d.number) <> COUNT(*) ORDER BY 1"},
    {.name = "number_last",
     .sql = "SELECT " SERIES ", CAST(MAX(d.number) AS text), CAST(MAX(n.last_number) AS text)"
            " FROM document d LEFT JOIN number_series n ON n.series = d.series"
            " AND n.type = d.type AND n.year = d.year WHERE d.number IS NOT NULL"
            " GROUP BY d.series, d.type, d.year"
            " HAVING COALESCE(MAX(n.last_number), 0) <> MAX(d.number) ORDER BY 1"},
    {.name = "number_unused",
     .sql = "SELECT n.series || ' ' || n.type || ' ' || CAST(n.year AS text), NULL,"
            " CAST(n.last_number AS text) FROM number_series n WHERE n.type <> 'lock'"
            " AND NOT EXISTS (SELECT 1 FROM document d WHERE d.series = n.series"
            " AND d.type = n.type AND d.year = n.year AND d.number IS NOT NULL) ORDER BY 1"},
    {.name = "number_year",
     .sql = "SELECT d.id, substr(d.issued_on, 1, 4), CAST(d.year AS text) FROM document d"
            " WHERE CAST(d.year AS text) <> substr(d.issued_on, 1, 4) ORDER BY d.id"},
    /* "in the order of commitment": of one customer, whose days never go back. */
    {.name = "number_order",
     .sql = "SELECT t.id, t.before || ' or later', t.issued_on FROM (SELECT d.id, d.issued_on,"
            " LAG(d.issued_on) OVER (PARTITION BY d.customer, d.account, d.series, d.type, d.year"
            " ORDER BY d.number) AS before FROM document d WHERE d.number IS NOT NULL) t"
            " WHERE t.issued_on < t.before ORDER BY t.id"},
    {.name = NULL},
};
