// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The ground every room stands on: errors, memory, strings, maps, time and ids, the request
// context, threads, log. The parts have their own headers in this folder; rooms include this one.
#pragma once

#include "base/clock.h"
#include "base/ctx.h"
#include "base/err.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/room.h"
#include "base/str.h"
#include "base/thread.h"
