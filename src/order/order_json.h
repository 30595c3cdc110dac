/* Orders and their lines as the API reads and shows them. Pure. */
#pragma once

#include "base/json.h"
#include "order/order.h"

/* Reads `lines` of an open object: offer, quantity, term, billing, connect_to, start_on, trial,
 * name. Names are for connect_to and differ within one order. Errors: ERR_INVALID. */
enum err order_read_lines(struct json_reader *r, enum json_presence presence,
                          struct order_request *ret_request);
/* Reads one such line from an object that is all of it; the caller calls json_done. */
enum err order_read_line(struct json_reader *r, struct order_request_line *ret_line);
/* Writes lines as they can be read again. */
void order_put_request_lines(struct json_writer *w, const struct order_request *request);

/* Writes an order; `action_url` is where the bank wants the person, or NULL. */
void order_encode(struct json_writer *w, const char *name, const struct order *order,
                  const char *action_url);
