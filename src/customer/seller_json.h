/* The seller's settings as JSON. Pure. */
#pragma once

#include "base/json.h"
#include "customer/seller.h"

/* Leaves the object open. `name` is NULL at the root. */
void seller_encode_open(struct json_writer *w, const char *name, const struct seller *seller);

/* Reads the members that are there over what the seller has. */
enum err seller_decode(struct json_reader *r, struct seller *seller);
