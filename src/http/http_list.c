#include "http/http_list.h"

bool http_list_trim(const struct http_page *page, void *items, size_t *count)
{
    void **rows = items;
    bool has_more = *count > (size_t)page->limit;
    if (has_more)
        *count = (size_t)page->limit;
    if (page->before[0] == '\0')
        return has_more;
    for (size_t i = 0; i < *count / 2; i++) {
        void *row = rows[i];
        rows[i] = rows[*count - 1 - i];
        rows[*count - 1 - i] = row;
    }
    return has_more;
}

void http_list_begin(struct json_writer *w)
{
    json_open_object(w, NULL);
    json_put_text(w, "object", "list");
    json_open_array(w, "data");
}

void http_list_end(struct json_writer *w, const char *next)
{
    json_close_array(w);
    json_put_bool(w, "has_more", next != NULL);
    json_put_text(w, "next", next);
    json_close_object(w);
}

const char *http_list_next(const struct http_page *page, const char *first_id, const char *last_id)
{
    return page->before[0] != '\0' ? first_id : last_id;
}
