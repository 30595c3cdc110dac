/* Licences of people: assigned, taken away, freed, cut down to what is owned (rules §5). */
#include "engine/assign.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "engine/announce.h"
#include "engine/decide_parts.h"

/* ── One licence ──────────────────────────────────────────────────────────────────────── */

static const char *license_data(struct context *cx, const struct license *license,
                                const struct subscription *sub, const char *reason)
{
    struct json_writer w = json_begin(cx->arena);
    json_open_object(&w, NULL);
    json_put_text(&w, "subscription", sub->id);
    json_put_text(&w, "offer", sub->offer);
    json_put_text(&w, "user", license->user);
    if (reason != NULL)
        json_put_text(&w, "reason", reason);
    json_close_object(&w);
    return json_end(&w);
}

static void assign_one(struct context *cx, struct state *state, struct subscription *sub,
                       const char *user)
{
    struct license *license = ARENA_NEW(cx->arena, struct license);
    license->id = id_next(cx, "lic");
    license->subscription = sub->id;
    license->user = user;
    license->assigned_at = cx->now;
    license->row = ROW_NEW;
    list_push(cx->arena, &state->licenses, license);
    sub->assigned++;
    row_touch(&sub->row);
    state_event(cx, state, "license.assigned", license->id, license_data(cx, license, sub, NULL),
                NULL);
}

/* `reason`: what the event says of why. */
static void unassign_one(struct context *cx, struct state *state, struct subscription *sub,
                         struct license *license, const char *reason)
{
    assert(license->row == ROW_STORED && sub->assigned > 0);
    license->row = ROW_REMOVED;
    sub->assigned--;
    row_touch(&sub->row);
    state_event(cx, state, "license.unassigned", license->id,
                license_data(cx, license, sub, reason), NULL);
}

static struct license *find_loaded(const struct state *state, const char *subscription,
                                   const char *user)
{
    for (size_t i = 0; i < state->licenses.count; i++) {
        struct license *license = state->licenses.items[i];
        if (license->row != ROW_REMOVED && strcmp(license->subscription, subscription) == 0 &&
            strcmp(license->user, user) == 0)
            return license;
    }
    return NULL;
}

/* ── Base licences ────────────────────────────────────────────────────────────────────── */

/* The base of an add-on whose licence needs another: its parent; of one without parent what it
 * connects to, else requires (as for percentages of the base, rules §1). */
static bool is_base_of(const struct state *state, const struct subscription *base,
                       const struct subscription *addon)
{
    if (base == addon || base->status == SUBSCRIPTION_PLANNED ||
        base->status == SUBSCRIPTION_DELETED)
        return false;
    if (addon->parent != NULL)
        return strcmp(addon->parent, base->id) == 0;
    const struct offer *offer = state_offer(state, addon);
    const struct offer_ids *bases = offer->connects_to.count > 0    ? &offer->connects_to
                                    : offer->requires_any.count > 0 ? &offer->requires_any
                                                                    : &offer->requires_all;
    return offer_ids_have(bases, base->offer);
}

/* Licences while a request is judged: those that are there, and those it gives or takes. */
struct license_view {
    const struct state *state;
    const struct license_request *request;
    struct license_index index;
    bool gives; /* else it takes */
};

static bool requests(const struct license_view *view, const char *subscription)
{
    for (size_t i = 0; i < view->request->subscription_count; i++) {
        if (strcmp(view->request->subscriptions[i], subscription) == 0)
            return true;
    }
    return false;
}

/* Says whether one of the request's users holds a licence once it is done. */
static bool will_hold(const struct license_view *view, const char *subscription, const char *user)
{
    if (requests(view, subscription))
        return view->gives;
    return license_find(&view->index, subscription, user) != NULL;
}

/* Says whether the user will hold what a licence of the add-on needs: a licence of one of its
 * bases. A base without licences of people needs none. */
static bool has_base_license(const struct license_view *view, const struct subscription *addon,
                             const char *user)
{
    for (size_t i = 0; i < view->state->subscriptions.count; i++) {
        const struct subscription *base = view->state->subscriptions.items[i];
        if (!is_base_of(view->state, base, addon))
            continue;
        if (state_offer(view->state, base)->scope != SCOPE_USER || will_hold(view, base->id, user))
            return true;
    }
    return false;
}

/* ── Assign and unassign ──────────────────────────────────────────────────────────────── */

/* A child's state is its parent's, also for what may be done with it. */
static enum err check_one(struct context *cx, const struct state *state, const char *id,
                          enum subscription_action action, struct subscription **ret_sub)
{
    struct subscription *sub = state_find_subscription(state, id);
    if (sub == NULL || sub->status == SUBSCRIPTION_PLANNED)
        return fault(cx, ERR_NOT_FOUND, "param", "/subscription", NULL);
    if (state_offer(state, sub)->scope != SCOPE_USER)
        return fault(cx, ERR_INVALID, "param", "/subscription", "value",
                     "has no licences for people: it is of the whole organisation", NULL);
    *ret_sub = sub;
    if (sub->status == SUBSCRIPTION_DELETED)
        return subscription_check_action(cx, sub, action);
    return subscription_check_action(cx, state_family(state, sub), action);
}

static enum err check_request(struct context *cx, const struct state *state,
                              const struct license_request *request,
                              enum subscription_action action, struct subscription **subs)
{
    TRY(license_check_request(cx, request));
    for (size_t i = 0; i < request->subscription_count; i++)
        TRY(check_one(cx, state, request->subscriptions[i], action, &subs[i]));
    return OK;
}

static enum err check_available(struct context *cx, const struct license_view *view,
                                const struct subscription *sub)
{
    int64_t wanted = 0;
    for (size_t i = 0; i < view->request->user_count; i++)
        wanted += license_find(&view->index, sub->id, view->request->users[i]) == NULL;
    if (wanted == 0 || sub->assigned + wanted <= sub->quantity)
        return OK;
    return fault(cx, ERR_NO_LICENSE_AVAILABLE, "param", "/users", "subscription", sub->id, "offer",
                 sub->offer, NULL);
}

static enum err check_base(struct context *cx, const struct license_view *view,
                           const struct subscription *sub)
{
    if (!state_offer(view->state, sub)->requires_base_license)
        return OK;
    for (size_t i = 0; i < view->request->user_count; i++) {
        const char *user = view->request->users[i];
        if (license_find(&view->index, sub->id, user) == NULL && !has_base_license(view, sub, user))
            return fault(cx, ERR_BASE_LICENSE_MISSING, "param", "/users", "subscription", sub->id,
                         "offer", sub->offer, "user", user, NULL);
    }
    return OK;
}

static enum err judge_assign(struct context *cx, const struct license_view *view,
                             struct subscription **subs)
{
    TRY(check_request(cx, view->state, view->request, ACTION_ASSIGN, subs));
    for (size_t i = 0; i < view->request->subscription_count; i++)
        TRY(check_available(cx, view, subs[i]));
    for (size_t i = 0; i < view->request->subscription_count; i++)
        TRY(check_base(cx, view, subs[i]));
    return OK;
}

static struct license_view view_assign(struct context *cx, const struct state *state,
                                       const struct license_request *request)
{
    return (struct license_view){
        .state = state,
        .request = request,
        .index = license_index_build(cx, &state->licenses),
        .gives = true,
    };
}

enum err assign_check(struct context *cx, const struct state *state,
                      const struct license_request *request)
{
    struct license_view view = view_assign(cx, state, request);
    return judge_assign(cx, &view,
                        ARENA_ARRAY(cx->arena, struct subscription *, request->subscription_count));
}

enum err decide_assign(struct context *cx, struct state *state, const struct command *command,
                       struct decision *decision)
{
    (void)decision;
    const struct license_request *request = &command->licenses;
    size_t count = request->subscription_count;
    struct subscription **subs = ARENA_ARRAY(cx->arena, struct subscription *, count);
    struct license_view view = view_assign(cx, state, request);
    cx->cause = command->subscription;
    TRY(judge_assign(cx, &view, subs));
    for (size_t i = 0; i < count; i++) {
        for (size_t u = 0; u < request->user_count; u++) {
            if (license_find(&view.index, subs[i]->id, request->users[u]) == NULL)
                assign_one(cx, state, subs[i], request->users[u]);
        }
    }
    return OK;
}

/* A base licence stays as long as another of the same person needs it (rules §5). */
static enum err check_needed(struct context *cx, const struct license_view *view,
                             const struct subscription *base, const char *user)
{
    const struct state *state = view->state;
    const char *offers = NULL;
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        const struct subscription *addon = state->subscriptions.items[i];
        bool needs = is_base_of(state, base, addon) && addon->status != SUBSCRIPTION_PLANNED &&
                     state_offer(state, addon)->requires_base_license &&
                     will_hold(view, addon->id, user) && !has_base_license(view, addon, user);
        if (!needs)
            continue;
        offers = offers ? arena_print(cx->arena, "%s, %s", offers, addon->offer) : addon->offer;
    }
    if (offers == NULL)
        return OK;
    return fault(cx, ERR_BASE_LICENSE_NEEDED, "param", "/users", "subscription", base->id, "user",
                 user, "offers", offers, NULL);
}

enum err decide_unassign(struct context *cx, struct state *state, const struct command *command,
                         struct decision *decision)
{
    (void)decision;
    const struct license_request *request = &command->licenses;
    size_t count = request->subscription_count;
    struct subscription **subs = ARENA_ARRAY(cx->arena, struct subscription *, count);
    struct license_view view = {
        .state = state,
        .request = request,
        .index = license_index_build(cx, &state->licenses),
    };
    cx->cause = command->subscription;
    TRY(check_request(cx, state, request, ACTION_UNASSIGN, subs));
    for (size_t i = 0; i < count; i++) {
        for (size_t u = 0; u < request->user_count; u++) {
            if (license_find(&view.index, subs[i]->id, request->users[u]) != NULL)
                TRY(check_needed(cx, &view, subs[i], request->users[u]));
        }
    }
    for (size_t l = 0; l < state->licenses.count; l++) {
        struct license *license = state->licenses.items[l];
        for (size_t i = 0; i < count; i++) {
            if (strcmp(license->subscription, subs[i]->id) == 0)
                unassign_one(cx, state, subs[i], license, "request");
        }
    }
    return OK;
}

/* ── What the engine does ─────────────────────────────────────────────────────────────── */

enum err assign_check_quantity(struct context *cx, const struct subscription *sub, int64_t quantity)
{
    if (quantity >= sub->assigned)
        return OK;
    return fault(cx, ERR_LICENSES_ASSIGNED, "param", "/quantity", "subscription", sub->id, "offer",
                 sub->offer, "count", arena_print(cx->arena, "%" PRId64, sub->assigned - quantity),
                 NULL);
}

void assign_free(struct context *cx, struct state *state, struct subscription *sub)
{
    for (size_t i = 0; i < state->licenses.count && sub->assigned > 0; i++) {
        struct license *license = state->licenses.items[i];
        if (license->row != ROW_REMOVED && strcmp(license->subscription, sub->id) == 0)
            unassign_one(cx, state, sub, license, "subscription_deleted");
    }
    assert(sub->assigned == 0); /* state_load() knows what may be deleted */
}

static int64_t too_many(const struct subscription *sub)
{
    int64_t more = sub->assigned - sub->quantity;
    return more > 0 ? more : 0;
}

/* More became too many: the days to repair begin anew. */
static void note_conflict(struct context *cx, struct state *state, struct subscription *sub)
{
    const struct account *account = state_find_account(state, sub->account);
    struct json_writer w = json_begin(cx->arena);
    sub->conflict_on = zone_day(account->time_zone, cx->now);
    json_open_object(&w, NULL);
    json_put_integer(&w, "quantity", sub->quantity);
    json_put_integer(&w, "assigned", sub->assigned);
    json_put_day(&w, "repair_by", assign_cut_on(sub) - 1);
    json_close_object(&w);
    state_event(cx, state, "license.conflict_opened", sub->id, json_end(&w), NULL);
}

void assign_note_conflicts(struct context *cx, struct state *state, const struct decision *decision)
{
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *sub = state->subscriptions.items[i];
        if (sub->row == ROW_STORED || sub->row == ROW_REMOVED)
            continue;
        int64_t before = i < decision->before_count ? too_many(&decision->before[i]) : 0;
        int64_t after = too_many(sub);
        if (after > before) {
            note_conflict(cx, state, sub);
        } else if (after == 0 && sub->conflict_on != DAY_NONE) {
            sub->conflict_on = DAY_NONE;
            announce_conflict_closed(cx, state, sub);
        }
    }
}

civil_day assign_cut_on(const struct subscription *sub)
{
    return sub->conflict_on == DAY_NONE ? DAY_NONE : sub->conflict_on + CONFLICT_DAYS;
}

/* A licence that goes takes those with it that need it. */
static void cut_one(struct context *cx, struct state *state, struct subscription *sub,
                    struct license *license)
{
    const char *none[] = {sub->id};
    struct license_request request = {.subscriptions = none, .subscription_count = 1};
    unassign_one(cx, state, sub, license, "conflict");
    struct license_view view = {
        .state = state,
        .request = &request,
        .index = license_index_build(cx, &state->licenses),
    };
    for (size_t i = 0; i < state->subscriptions.count; i++) {
        struct subscription *addon = state->subscriptions.items[i];
        if (!is_base_of(state, sub, addon) || !state_offer(state, addon)->requires_base_license)
            continue;
        struct license *of_addon = find_loaded(state, addon->id, license->user);
        if (of_addon != NULL && !has_base_license(&view, addon, license->user))
            unassign_one(cx, state, addon, of_addon, "base_license");
    }
}

void assign_cut(struct context *cx, struct state *state, struct subscription *sub)
{
    struct license_list of_sub = {0};
    for (size_t i = 0; i < state->licenses.count; i++) {
        struct license *license = state->licenses.items[i];
        if (license->row != ROW_REMOVED && strcmp(license->subscription, sub->id) == 0)
            list_push(cx->arena, &of_sub, license);
    }
    assert((int64_t)of_sub.count == sub->assigned); /* state_load() sees to it */
    license_sort_newest(&of_sub);
    int64_t more = too_many(sub);
    for (int64_t i = 0; i < more; i++)
        cut_one(cx, state, sub, of_sub.items[i]);
}
