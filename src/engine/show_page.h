/* How pages say what the business knows: names, prices with their period, dates near and far,
 * states. The shapes are those of the parts in web/templates/parts. */
#pragma once

#include "catalog/catalog.h"
#include "eligibility/eligibility.h"
#include "html/view.h"
#include "http/http.h"
#include "subscription/subscription.h"

/* An offer's text in the person's language. */
const char *show_text(const struct context *cx, struct text_pair text);
/* The name of a subscription's offer, from the version it is pinned to. */
enum err show_name(struct context *cx, const struct subscription *sub, const char **ret_name);

/* Adds `base`: {name, href} of what an add-on belongs to, at its id below `address`; nothing for
 * what has no base. */
enum err show_base(struct context *cx, struct view *view, const struct subscription *sub,
                   const char *address);

/* What quantity of an offer the account may have at present, by the seats held where it follows
 * those (rules §1). */
enum err show_bounds(struct context *cx, const char *account, const struct offer *offer,
                     struct quantity_bounds *ret_bounds);

/* Adds `date`: {iso, text, near}, near with respect to `today`, of DAY_NONE: never; nothing for a
 * day that is DAY_NONE. */
void show_date(struct context *cx, struct view *view, civil_day day, civil_day today);
/* Adds `price`: {amount, per}. */
void show_price(struct context *cx, struct view *view, struct money amount, enum term term,
                enum billing billing);
/* "per month", "for 3 years". */
const char *show_period(struct context *cx, enum term term, enum billing billing);
/* What a subscription costs in a whole period: adds `price`. */
enum err show_subscription_price(struct context *cx, struct view *view,
                                 const struct subscription *sub);
/* Adds `status`: {key, word}. */
void show_status(struct context *cx, struct view *view, const struct subscription *sub);
/* The key of show_status: the state, or past_due. */
const char *show_status_key(const struct subscription *sub);
/* Adds `date` and `date_word`: when it renews, expires, starts or what it did. */
void show_next_date(struct context *cx, struct view *view, const struct subscription *sub,
                    civil_day today);

/* What the fault of a use case says: its sentence, then all its reasons, with offers by name. Takes
 * the fault back. */
const char *show_fault(struct context *cx);

/* Adds a fact for the part `facts`; none, and NULL, without a value. */
struct view *show_fact(struct context *cx, struct view *facts, const char *key, const char *value);

/* "A, B or C"; `last` is the key of the last comma's word. */
const char *show_join(struct context *cx, const char *const *names, size_t count, const char *last);

/* "Global administrator, Billing administrator": roles, as bits, in words. */
const char *show_roles(struct context *cx, uint32_t roles);
/* Whom to ask for what one lacks: "a global administrator or a billing administrator", by the
 * table of permissions (rules §8). */
const char *show_who(struct context *cx, uint64_t missing);
/* Why the person's role does not open a page, or send a form to it (POST): a sentence that says
 * whom to ask. NULL: it does. The route's own row says so. */
const char *show_why_role(struct context *cx, const struct http_request *request,
                          enum http_method method, const char *address);
/* Makes an action that is off: with the reason, and the page of the roles as the way out. */
void show_off_role(struct context *cx, struct view *action, const char *why);

/* Makes `view` an action, {label, href, pane, off, why, way}; `primary` and `danger` are added by
 * whoever wants them. Off when `why` is given, and when the person's role does not open `href`. */
struct view *show_action(struct context *cx, const struct http_request *request, struct view *view,
                         const char *label, const char *href, bool pane, const char *why);
/* Adds a crumb to a list; the last has no address. */
void show_crumb(struct view *crumbs, const char *title, const char *href);

/* What was typed into the form of this page when the session had ended (`?kept=`); a form without
 * fields when there is nothing. Secrets, such as a card's number, are never kept. */
enum err show_kept_form(struct context *cx, const struct http_request *request,
                        struct http_form *ret_form);
/* Adds the notice that it is there again, when there is something. */
void show_kept_notice(struct context *cx, struct view *view, const struct http_form *form);
