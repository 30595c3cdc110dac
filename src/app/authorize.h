/* Who asks, in which organisation, and may they: the server's hook before every handler. */
#pragma once

#include "http/http.h"

/* Fills cx->actor, cx->customer, cx->now from the key of the request, by one indexed read; a
 * public route needs none. cx->language was taken from Accept-Language; where there was none it
 * becomes that of the key's person.
 *
 * A key of a customer acts in its own organisation; naming another answers as naming one that
 * does not exist (rules §8). A key of the seller names the organisation by the header
 * Annex-Organization, or by the query parameter `organization` of a route that has it. Keys of
 * the live mode see live organisations only, those of the test mode test ones.
 *
 * Without a key, the session of the browser's cookie says who asks (request->session); what
 * changes something must carry its token (http_csrf_check). Pages take no keys. A session that is
 * over is given too, and refused: what was typed is kept for it.
 *
 * Errors: ERR_FORM_EXPIRED, ERR_UNAUTHENTICATED, ERR_NOT_FOUND (the organisation),
 * ERR_FORBIDDEN, ERR_INVALID (a key of the seller that should have named an organisation), those
 * of the store. */
enum err authorize(struct context *cx, struct http_request *request);
