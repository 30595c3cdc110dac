/* Pages about one billing account, which their address names (`?account=`). */
#pragma once

#include "customer/customer.h"
#include "html/view.h"
#include "http/http.h"

/* The account that is asked for, else the oldest. Adds `accounts`, links to this page for each when
 * there are several, and `has_accounts`. Errors: ERR_NOT_FOUND. */
enum err show_account(struct context *cx, const struct http_request *request, struct view *view,
                      const struct account **ret_account);
