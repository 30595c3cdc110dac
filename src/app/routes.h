/* Every route of the API; the table is routes.def. */
#pragma once

#include "http/http.h"

extern const struct http_route ROUTES[];
extern const size_t ROUTE_COUNT;
