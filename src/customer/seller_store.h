/* The seller's settings: rows of `setting`, a name and a value each. */
#pragma once

#include "base/context.h"
#include "customer/seller.h"

/* Loads the settings; what was never set has its default: a French seller without a name, in
 * Europe/Paris, and the days of rules §7. They are in the arena of `cx`. ERR_INVALID for a
 * number that is none. */
enum err seller_load(struct context *cx, const struct seller **ret_seller);

/* The same, and nobody else changes them before this transaction ends. */
enum err seller_lock(struct context *cx, const struct seller **ret_seller);
/* Writes all of them. ERR_INVALID, naming the one that can't have its value. */
enum err seller_save(struct context *cx, const struct seller *seller);
/* Loads them into cx->seller when they were changed since that was loaded. */
enum err seller_refresh(struct context *cx);

/* Sets one of them, by the name of its member; registrations not. ERR_INVALID, naming it, for any
 * other name or a value that it can't have. */
enum err setting_save(struct context *cx, const char *name, const char *value);
