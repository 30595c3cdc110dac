#include "engine/doctor_do.h"

#include "base/json.h"
#include "engine/doctor_store.h"

static const char *doctor_text(const char *text)
{
    return text ? text : "nothing";
}

static void doctor_print_text(const struct doctor_fault_list *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct doctor_fault *item = faults->items[i];
        printf("%s: %s: expected %s, found %s\n", item->check, doctor_text(item->place),
               doctor_text(item->expected), doctor_text(item->found));
    }
    if (faults->count == 0)
        printf("books are right\n");
    else
        printf("%zu faults\n", faults->count);
}

static void doctor_print_json(struct context *cx, const struct doctor_fault_list *faults)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_bool(&w, "right", faults->count == 0);
    json_open_array(&w, "faults");
    for (size_t i = 0; i < faults->count; i++) {
        const struct doctor_fault *item = faults->items[i];
        json_open_object(&w, NULL);
        json_put_text(&w, "check", item->check);
        json_put_text(&w, "place", item->place);
        json_put_text(&w, "expected", item->expected);
        json_put_text(&w, "found", item->found);
        json_close_object(&w);
    }
    json_close_array(&w);
    json_open_array(&w, "checked");
    for (size_t i = 0; i < doctor_check_count(); i++)
        json_put_text(&w, NULL, doctor_check_name(i));
    json_close_array(&w);
    json_close_object(&w);
    printf("%s\n", json_end(&w));
}

enum err doctor_print(struct context *cx, bool as_json)
{
    struct doctor_fault_list faults = {0};
    for (size_t i = 0; i < doctor_check_count(); i++)
        TRY(doctor_check(cx, i, &faults));
    if (as_json)
        doctor_print_json(cx, &faults);
    else
        doctor_print_text(&faults);
    return faults.count == 0 ? OK : ERR_INTERNAL;
}
