/* What the panes of a subscription, and of a billing account, have in common: what was sent, the
 * effect that is shown first, and the commit of exactly that (screens, "Without JavaScript, or
 * when no price was shown yet, Save first shows it with Confirm; so in every pane"). */
#pragma once

#include "engine/engine_do.h"
#include "engine/state.h"
#include "html/view.h"
#include "http/http.h"

/* A pane while it is answered: what was sent, and what it would change. */
struct pane {
    const struct http_request *request;
    struct http_form *form;   /* NULL: a GET, whose query says the same */
    struct http_form *kept;   /* of a GET: what was sent when the session had ended */
    struct subscription *sub; /* NULL: it is about a billing account */
    struct view *view;
    struct view *fields;
    struct view *asked; /* the field that the command is about, or NULL: a refusal stands there */
    struct command command;
    bool has_command;      /* enough was said to show an effect */
    bool is_dangerous;     /* its button ends something */
    const char *button;    /* key of what its button says at first */
    const char *error;     /* beside the field, or NULL */
    struct engine_run run; /* out: what was shown, when has_effect; what was done of an account */
    bool has_effect;
};

/* Begins the answer to a GET, or to a POST with its form. `title` is a key. Errors: ERR_NOT_FOUND
 * for somebody else's subscription, and for one whose order awaits its payment. */
enum err pane_begin(struct context *cx, const struct http_request *request, const char *title,
                    struct pane *ret_pane);
/* The same about a billing account, which the caller loads; `back` is where the pane leads back to,
 * and `label` a key of what that is called. When it is done, the caller answers. */
enum err pane_begin_account(struct context *cx, const struct http_request *request,
                            const char *title, const char *back, const char *label,
                            struct pane *ret_pane);

/* What was said in a field: by the form, the kept one, or the address; NULL: nothing. */
const char *pane_value(const struct pane *pane, const char *name);
/* Says whether a field of two or more was said to be this one. */
bool pane_says(const struct pane *pane, const char *name, const char *value);

/* The offer of a subscription, in its own version. */
enum err pane_find_offer(struct context *cx, const struct subscription *sub,
                         const struct offer **ret_offer);
/* The customer's state, turned to the subscription's account, for what only looks. */
enum err pane_load_state(struct context *cx, const struct pane *pane, struct state **ret_state);

/* Answers with a sentence instead of a form: why there is nothing to choose. */
void pane_say_only(struct context *cx, struct http_reply *reply, struct pane *pane,
                   const char *text);
/* Answers so, and says yes, when the state of the subscription does not allow the action, or when
 * it is an add-on, which follows its base (rules §3.3, §4). */
bool pane_is_refused(struct context *cx, struct http_reply *reply, struct pane *pane,
                     enum subscription_action action);

/* Adds the field for a new total of `sub` with its bounds, and the command that it asks for;
 * `otherwise` stands there while nothing was typed. */
enum err pane_put_quantity(struct context *cx, struct pane *pane, const struct subscription *sub,
                           int64_t otherwise);

/* Adds the field for when a change is made: now, or at the renewal; `why_not_now` is why only the
 * renewal is left, or NULL. Says whether it is the renewal. */
bool pane_put_when(struct context *cx, struct pane *pane, const char *why_not_now);

/* Makes `view` lead to what a refusal needs first: {href, label}; nothing where no page does. */
void pane_put_way(struct context *cx, struct view *view, enum err refusal,
                  const struct subscription *sub);

/* Answers: shows the pane with the effect of what was asked, or commits what was shown when its
 * token comes back, and goes to the subscription; to the order where it waits for its payment. */
enum err pane_answer(struct context *cx, struct http_reply *reply, struct pane *pane);
/* The two halves of it, for a pane that adds to what it shows: decides and puts the effect; shows.
 * `ret_is_done`: it was committed, and the reply leads on. */
enum err pane_decide(struct context *cx, struct http_reply *reply, struct pane *pane,
                     bool *ret_is_done);
void pane_reply(struct context *cx, struct http_reply *reply, struct pane *pane);
