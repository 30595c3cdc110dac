#include "app/routes.h"

#include "app/home_page.h"
#include "app/metrics_api.h"
#include "app/openapi.h"
#include "app/page.h"
#include "app/seller_page.h"
#include "app/system_api.h"
#include "catalog/catalog_api.h"
#include "customer/clock_api.h"
#include "customer/customer_api.h"
#include "customer/parked_api.h"
#include "customer/permissions.h"
#include "customer/roles_page.h"
#include "customer/seller_api.h"
#include "customer/sign_in_page.h"
#include "eligibility/eligibility_api.h"
#include "eligibility/eligibility_page.h"
#include "engine/account_api.h"
#include "engine/command_api.h"
#include "engine/exempt_api.h"
#include "engine/upcoming_api.h"
#include "engine/upcoming_page.h"
#include "event/event_api.h"
#include "invoice/bills_page.h"
#include "invoice/compare_page.h"
#include "invoice/invoice_api.h"
#include "invoice/invoice_page.h"
#include "invoice/write_off_api.h"
#include "license/assign_page.h"
#include "license/entitlement_api.h"
#include "license/license_api.h"
#include "license/license_page.h"
#include "license/people_page.h"
#include "license/storage_page.h"
#include "order/checkout_page.h"
#include "order/order_api.h"
#include "order/order_page.h"
#include "order/orders_page.h"
#include "payment/pay_api.h"
#include "payment/pay_page.h"
#include "payment/payment_api.h"
#include "payment/refund_api.h"
#include "subscription/change_page.h"
#include "subscription/details_page.h"
#include "subscription/end_page.h"
#include "subscription/lifecycle_api.h"
#include "subscription/method_page.h"
#include "subscription/plan_page.h"
#include "subscription/schedule_page.h"
#include "subscription/subscription_api.h"
#include "subscription/subscription_page.h"
#include "subscription/trial_page.h"
#include "support/support_api.h"
#include "support/support_page.h"

const struct http_route ROUTES[] = {
#define ROUTE(method, path, handler, finish, permissions, flags, query, request, reply, summary)   \
    {HTTP_##method, path,    handler, finish, permissions, flags,                                  \
     summary,       request, reply,   query,  NULL},
#include "app/routes.def"
#undef ROUTE
#define PAGE(method, path, handler, finish, permissions, flags, query, title)                      \
    {HTTP_##method, path, handler, finish, permissions, (flags) | ROUTE_PAGE,                      \
     NULL,          NULL, NULL,    query,  title},
#include "app/pages.def"
#undef PAGE
};
const size_t ROUTE_COUNT = sizeof ROUTES / sizeof *ROUTES;
