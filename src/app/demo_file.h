/* The demonstration's world (demo/world.json, described in demo/README.md), read strictly. */
#pragma once

#include "base/context.h"
#include "customer/customer.h"
#include "customer/seller.h"
#include "engine/command.h"
#include "payment/payment_do.h"

enum { DEMO_LINES_MAX = 8, DEMO_ITEMS_MAX = 64 };

struct demo_person {
    struct person_request request;
    enum role role;
};

struct demo_method {
    const char *name; /* what steps call it */
    struct method_request request;
};

/* One step: what is asked, and the names that stand in place of ids. */
struct demo_step {
    int64_t days_ago;
    struct command command;
    const char *method;       /* name of a method, or NULL */
    const char *subscription; /* `as` of an earlier line, or NULL */
    struct order_request_line lines[DEMO_LINES_MAX];
};

struct demo_organization {
    struct organization_request request;
    struct demo_person people[DEMO_ITEMS_MAX];
    size_t person_count;
    struct demo_method methods[DEMO_ITEMS_MAX];
    size_t method_count;
    struct demo_step steps[DEMO_ITEMS_MAX];
    size_t step_count;
};

struct demo_world {
    struct seller seller;
    struct demo_person staff[DEMO_ITEMS_MAX];
    size_t staff_count;
    struct demo_organization organizations[DEMO_ITEMS_MAX];
    size_t organization_count;
};

/* Reads the embedded world; everything is in the arena. Errors: ERR_INVALID with the place. */
enum err demo_file_read(struct context *cx, struct demo_world **ret_world);
