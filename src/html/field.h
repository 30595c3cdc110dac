/* Fields of forms, as web/templates/parts/fields.mustache shows them. Each is added to a list
 * and given back for what else it needs: label, hint, error, …. The list is of objects with one
 * member that names the kind. */
#pragma once

#include "html/view.h"

/* Text, password, mail address (`type`), a number with its `unit`, longer text. */
struct view *field_text(struct view *fields, const char *name, const char *value);
struct view *field_number(struct view *fields, const char *name, const char *value);
struct view *field_area(struct view *fields, const char *name, const char *value);
/* A drop-down list; options are added by field_option. */
struct view *field_select(struct view *fields, const char *name);
struct view *field_radio(struct view *fields, const char *name);
struct view *field_option(struct view *field, const char *value, const char *label, bool selected);

/* What is the matter with a field; NULL: nothing. */
void field_error(struct view *field, const char *error);

/* A whole number as people write it, its digits grouped by spaces, commas or points: "1 000";
 * -1 for what is none, or longer than any quantity. */
int64_t field_parse_number(const char *text);
/* An amount as people write it: "1 234,50", "1,234.50", "25"; in units of its last decimal. -1 for
 * what is none. */
int64_t field_parse_amount(const char *text, int decimals);
