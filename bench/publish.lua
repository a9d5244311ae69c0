-- SPDX-License-Identifier: AGPL-3.0-or-later
-- For wrk: publishes text notes, each with a body and a form key of its own. Takes the cookie, the
-- CSRF token and a number that no earlier run had as arguments; counts what was not a redirect.
local threads, count = 0, 0
local cookie, csrf, run, thread
local words = { "slow", "morning", "rice", "river", "garden", "winter", "light", "kitchen", "bread", "window",
	"train", "market", "lantern", "tea", "rain", "summer", "desk", "paper", "thread", "clay" }

function setup(t)
	threads = threads + 1
	t:set("number", threads)
end

function init(args)
	cookie, csrf, run = args[1], args[2], args[3]
	thread = number
	bad = 0
end

function request()
	count = count + 1
	local text = {}
	for i = 1, 34 do
		text[i] = words[(count * 7 + i * i + thread) % #words + 1]
	end
	local body = "csrf=" .. csrf .. "&request=r" .. run .. "t" .. thread .. "n" .. count
		.. "&visibility=public&language=en&title=Note+" .. count .. "&body=" .. table.concat(text, "+")
	return wrk.format("POST", "/publish",
		{ ["Cookie"] = cookie, ["Content-Type"] = "application/x-www-form-urlencoded" }, body)
end

function response(status)
	if status ~= 303 then
		bad = bad + 1
	end
end

local all = {}
local base = setup
function setup(t)
	base(t)
	all[#all + 1] = t
end

function done(summary)
	local refused = 0
	for _, t in ipairs(all) do
		refused = refused + t:get("bad")
	end
	io.write(string.format("published %d refused %d in %d us\n", summary.requests, refused, summary.duration))
end
