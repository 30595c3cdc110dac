/* What the server does by itself: work that falls due, document numbers, charges that wait. */
#pragma once

#include "base/context.h"

/* http_hooks.tick. `app` is a struct app. What fails is logged and tried again next time. */
void tick_job(struct context *cx, void *app);

/* http_hooks.errand: asks others for what nobody waits for, one thing at a time. */
void errand_job(struct context *cx, void *app);
