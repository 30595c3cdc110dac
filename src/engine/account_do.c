#include "engine/account_do.h"

#include <string.h>

#include "base/json.h"
#include "customer/customer_do.h"
#include "customer/customer_json.h"
#include "customer/customer_store.h"
#include "customer/vat_store.h"
#include "db/db.h"
#include "engine/engine_do.h"
#include "invoice/invoice_store.h"
#include "tax/tax.h"

struct change_work {
    const char *id;
    const struct account_change *change;
    int64_t version;
    struct account *account; /* out */
};

static void set_text(const char *wanted, const char **ret_text)
{
    if (wanted != NULL)
        *ret_text = wanted;
}

/* Says whether the VAT number is another one now. */
static bool apply_change(struct context *cx, const struct account_change *change,
                         struct account *account)
{
    const char *before = account->vat_id ? account->vat_id : "";
    const char *after =
        change->vat_id ? tax_vat_id_clean(cx->arena, account->country, change->vat_id) : before;
    set_text(change->name, &account->name);
    set_text(change->line1, &account->sold_to.line1);
    set_text(change->line2, &account->sold_to.line2);
    set_text(change->postal_code, &account->sold_to.postal_code);
    set_text(change->city, &account->sold_to.city);
    account->vat_id = after[0] != '\0' ? after : NULL;
    return strcmp(before, after) != 0;
}

static const char *changed_data(struct context *cx, const struct account *account)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "name", account->name);
    json_put_text(&w, "vat_id", account->vat_id);
    json_close_object(&w);
    return json_end(&w);
}

static enum err change_work(struct context *cx, void *arg)
{
    const struct change_work *work = arg;
    struct organization organization;
    struct account *account;
    TRY(engine_bring_up(cx, &organization));
    TRY(account_load(cx, work->id, &account));
    if (work->version != 0 && work->version != account->version)
        return fault(cx, ERR_VERSION_MISMATCH, NULL);
    TRY(invoice_keep_sold_to(cx, account));
    bool is_new_number = apply_change(cx, work->change, account);
    TRY(account_check(cx, account, ""));
    TRY(account_save(cx, account));
    if (is_new_number)
        TRY(vat_ask_anew(cx, account));
    TRY(organization_announce(cx, &organization, "billing_account.changed", account->id,
                              changed_data(cx, account)));
    TRY(account_load(cx, work->id, &account));
    *work->account = *account;
    return OK;
}

enum err account_change(struct context *cx, const char *id, const struct account_change *change,
                        int64_t version, struct account *ret_account)
{
    struct account account;
    struct change_work work = {.id = id, .change = change, .version = version, .account = &account};
    TRY(db_transact(cx, change_work, &work));
    *ret_account = account;
    return OK;
}
