#include "engine/exempt_do.h"

#include <string.h>

#include "base/json.h"
#include "customer/customer_do.h"
#include "customer/customer_store.h"
#include "db/db.h"
#include "engine/engine_do.h"
#include "tax/exemption_store.h"

struct exempt_work {
    const char *account;
    const char *id; /* of the one to revoke */
    const struct tax_exemption *wanted;
    int64_t version;
    struct tax_exemption *exemption; /* out */
};

static enum err exempt_fault(struct context *cx, const char *member, const char *what)
{
    return fault(cx, ERR_INVALID, "param", arena_print(cx->arena, "/%s", member), "value", what,
                 NULL);
}

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " ")] == '\0';
}

static enum err check_wanted(struct context *cx, const struct tax_exemption *wanted)
{
    if (is_blank(wanted->number))
        return exempt_fault(cx, "number", "must not be empty");
    if (is_blank(wanted->reason))
        return exempt_fault(cx, "reason", "must not be empty");
    if (wanted->valid_until != DAY_NONE && wanted->valid_until < wanted->valid_from)
        return exempt_fault(cx, "valid_until", "must not be before valid_from");
    return OK;
}

static enum err announce(struct context *cx, struct organization *organization, const char *type,
                         const struct tax_exemption *exemption)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "number", exemption->number);
    json_put_day(&w, "valid_from", exemption->valid_from);
    json_put_day(&w, "valid_until", exemption->valid_until);
    json_put_day(&w, "revoked_on", exemption->revoked_on);
    json_close_object(&w);
    return organization_announce(cx, organization, type, exemption->id, json_end(&w));
}

static enum err record_work(struct context *cx, void *arg)
{
    const struct exempt_work *work = arg;
    struct tax_exemption *exemption = work->exemption;
    struct organization organization;
    struct account *account;
    TRY(engine_bring_up(cx, &organization));
    TRY(account_load(cx, work->account, &account));
    *exemption = *work->wanted;
    exemption->id = id_next(cx, "exm");
    exemption->account = account->id;
    exemption->recorded_on = zone_day(account->time_zone, cx->now);
    exemption->revoked_on = DAY_NONE;
    exemption->version = 1;
    exemption->created_at = cx->now;
    if (exemption->valid_from == DAY_NONE)
        exemption->valid_from = exemption->recorded_on;
    TRY(check_wanted(cx, exemption));
    TRY(exemption_insert(cx, exemption));
    TRY(account_count_exemption(cx, account->id));
    return announce(cx, &organization, "tax_exemption.recorded", exemption);
}

enum err exemption_record(struct context *cx, const char *account,
                          const struct tax_exemption *wanted, struct tax_exemption *ret_exemption)
{
    struct tax_exemption exemption;
    struct exempt_work work = {.account = account, .wanted = wanted, .exemption = &exemption};
    TRY(db_transact(cx, record_work, &work));
    *ret_exemption = exemption;
    return OK;
}

static enum err revoke_work(struct context *cx, void *arg)
{
    const struct exempt_work *work = arg;
    struct organization organization;
    struct account *account;
    struct tax_exemption *exemption;
    TRY(engine_bring_up(cx, &organization));
    TRY(account_load(cx, work->account, &account));
    TRY(exemption_load(cx, account->id, work->id, &exemption));
    if (work->version != 0 && work->version != exemption->version)
        return fault(cx, ERR_VERSION_MISMATCH, NULL);
    if (exemption->revoked_on == DAY_NONE) {
        exemption->revoked_on = zone_day(account->time_zone, cx->now);
        TRY(exemption_save(cx, exemption));
        TRY(announce(cx, &organization, "tax_exemption.revoked", exemption));
    }
    *work->exemption = *exemption;
    return OK;
}

enum err exemption_revoke(struct context *cx, const char *account, const char *id, int64_t version,
                          struct tax_exemption *ret_exemption)
{
    struct tax_exemption exemption;
    struct exempt_work work = {
        .account = account, .id = id, .version = version, .exemption = &exemption};
    TRY(db_transact(cx, revoke_work, &work));
    *ret_exemption = exemption;
    return OK;
}
