#include "support/shop_store.h"

#include <string.h>

#include "catalog/catalog_do.h"
#include "catalog/catalog_store.h"
#include "customer/customer_do.h"
#include "payment/payment_do.h"

const struct seller SHOP_SELLER = {
    .name = "Orvane",
    .country = "FR",
    .time_zone = "UTC",
    .payment_terms_days = 30,
    .sepa_notice_days = 14,
    .cancel_licenses_max = 25,
};

void shop_open(struct context *cx)
{
    cx->seller = &SHOP_SELLER;
    cx->catalogs = catalog_cache_create();
    cx->customer = cx->cause = "";
}

void shop_publish(struct context *cx, const char *catalog)
{
    struct catalog_publication publication;
    struct catalog_faults faults = {0};
    const char *customer = cx->customer;
    cx->customer = "";
    assert_int_equal(catalog_publish(cx, catalog, strlen(catalog), zone_day("UTC", cx->now),
                                     &publication, &faults),
                     OK);
    cx->customer = customer;
}

const char *shop_sign_up(struct context *cx, enum account_type type)
{
    const struct organization_request request = {
        .name = "Marsault",
        .country = "FR",
        .clock_at = INSTANT_NONE,
        .account = {.currency = "EUR", .type = type, .untaxed = true, .time_zone = "UTC"},
        .person = {.name = "Camille", .email = "camille@marsault.example"},
    };
    struct organization_created created;
    assert_int_equal(organization_create(cx, &request, &created), OK);
    cx->customer = created.organization.id;
    return created.account.id;
}

const char *shop_add_card(struct context *cx, const char *account, const char *test)
{
    const struct method_request request = {.account = account, .kind = METHOD_CARD, .test = test};
    struct payment_method method;
    assert_int_equal(method_create(cx, &request, &method), OK);
    return method.id;
}
