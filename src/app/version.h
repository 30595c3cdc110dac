/* What this program calls itself (CHANGELOG.md). */
#pragma once

#define ANNEX_VERSION "0.1.0"
