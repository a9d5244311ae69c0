// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the operator asks over HTTP: /healthz and /metrics. Private to app/.
#pragma once

#include "app/app.h"
#include "http/http.h"

extern const struct route_table operations_routes[];
