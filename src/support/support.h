/* Support requests: what a customer asks of the seller, such as the removal of a traditional
 * add-on, which nobody else may carry out (rules §3). */
#pragma once

#include "base/context.h"
#include "base/day.h"
#include "base/list.h"

enum support_kind { SUPPORT_REMOVE_ADDON, SUPPORT_OTHER };
enum support_state { SUPPORT_OPEN, SUPPORT_RESOLVED, SUPPORT_DECLINED };

struct support_request {
    const char *id;
    const char *customer;
    const char *subscription; /* sub_… it is about, or NULL */
    enum support_kind kind;
    enum support_state state;
    const char *message;
    const char *answer; /* NULL while open */
    const char *opened_by;
    const char *resolved_by; /* NULL while open */
    instant created_at;
    instant resolved_at;
    int64_t version;
};

LIST_TYPE(support_list, struct support_request);

const char *support_kind_format(enum support_kind kind);
bool support_kind_parse(const char *text, enum support_kind *ret_kind);
const char *support_state_format(enum support_state state);
bool support_state_parse(const char *text, enum support_state *ret_state);
