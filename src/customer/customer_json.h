/* Organisations and billing accounts as JSON (api, Manners). Pure. */
#pragma once

#include "base/json.h"
#include "customer/customer.h"

/* `name` is NULL inside an array and at the root. */
void organization_encode(struct json_writer *w, const char *name,
                         const struct organization *organization);
/* Leaves the object open, for what an answer adds to it. */
void organization_encode_open(struct json_writer *w, const char *name,
                              const struct organization *organization);
void account_encode(struct json_writer *w, const char *name, const struct account *account);
void person_encode(struct json_writer *w, const char *name, const struct person *person);

/* Reads a billing account from its object, to the end. */
enum err account_decode(struct json_reader *r, struct account_request *ret_account);
/* Reads who signs up from its object, to the end. */
enum err person_decode(struct json_reader *r, struct person_request *ret_person);

/* Reads `metadata`: at most METADATA_MAX names with texts; as compact JSON, or NULL. */
enum err metadata_decode(struct json_reader *r, const char **ret_metadata);
