/* What a change would do, as panes show it: before and after, the money of today with its
 * arithmetic, and what comes next. */
#pragma once

#include "engine/engine_do.h"
#include "html/view.h"

/* Adds `effect` of a preview, with its token (`review`). */
enum err show_effect(struct context *cx, struct view *view, const struct engine_run *run);
