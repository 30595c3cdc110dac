/* Templates with Mustache's syntax (the public specification, without its optional modules):
 * {{name}} escaped, {{{name}}} and {{&name}} as it is, {{#name}}…{{/name}} for each, if, or
 * inside, {{^name}}…{{/name}} if not, {{! comment}}, {{> partial}}, {{=<% %>=}}. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "html/view.h"

struct template;
struct template_scope;

/* Parses a text, which must live as long as the template. NULL when a tag or a section is not
 * closed, or is closed that was not opened; *ret_line then tells where. */
const struct template *template_parse(struct arena *arena, const char *text, size_t size,
                                      size_t *ret_line);

/* What templates take from elsewhere. */
struct template_world {
    /* The template of a name; NULL: there is none, and a partial of that name shows nothing. */
    const struct template *(*find)(const struct template_world *world, struct arena *arena,
                                   const char *name);
    /* Says names that are not the view's, such as {{t.title}}; NULL: this one is. May be NULL. */
    const char *(*say)(const struct template_world *world, struct template_scope *scope,
                       const char *name);
    const void *arg;
};

/* For `say`: what {{name}} would show, and the view itself (NULL: none of that name). */
const struct view *template_look(const struct template_scope *scope, const char *name);
struct arena *template_arena(const struct template_scope *scope);

/* Adds the template, filled from the view, to `out`. Names that the view has not are looked for
 * in `outer` (or NULL). */
void template_render(const struct template_world *world, const struct template *template,
                     const struct view *outer, const struct view *view, struct buf *out);

/* Adds text as it stands in HTML, also inside quotes. */
void html_escape(struct buf *out, const char *text);
