#include "event/event_store.h"

#include "db/db.h"

enum err event_insert(struct context *cx, const struct event *event, int64_t seq)
{
    return db_run(cx,
                  "INSERT INTO event (customer, seq, id, type, subject, data, previous, actor,"
                  " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  DB_ARGS(db_text(cx->customer), db_integer(seq), db_text(event->id),
                          db_text(event->type), db_text(event->subject), db_text(event->data),
                          db_text(event->previous), db_text(cx->actor.id), db_instant(cx->now)));
}

enum err event_list_page(struct context *cx, int64_t after, int64_t limit,
                         struct event_row_list *list)
{
    struct db_rows rows;
    TRY(db_select(cx, &rows,
                  "SELECT seq, id, type, subject, data, previous, actor, created_at FROM event"
                  " WHERE customer = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                  DB_ARGS(db_text(cx->customer), db_integer(after), db_integer(limit))));
    while (db_next(&rows)) {
        struct event_row *row = ARENA_NEW(cx->arena, struct event_row);
        row->seq = db_get_integer(&rows, 0);
        row->event.id = db_get_text(&rows, 1);
        row->event.type = db_get_text(&rows, 2);
        row->event.subject = db_get_text(&rows, 3);
        row->event.data = db_get_text(&rows, 4);
        row->event.previous = db_get_text(&rows, 5);
        row->actor = db_get_text(&rows, 6);
        row->created_at = db_get_instant(&rows, 7);
        list_push(cx->arena, list, row);
    }
    return db_done(&rows);
}
