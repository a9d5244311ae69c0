-- SPDX-License-Identifier: AGPL-3.0-or-later
-- For wrk: many people who publish or like at once. Takes what they do (publish or like), whether to one
-- topic or note (hot) or to many (spread), a file with a line "cookie<tab>csrf" for each of them, one with
-- a note's number on each line, and a number that no earlier run had; counts what was not a redirect.
local threads, count = 0, 0
local people, notes = {}, {}
local what, where, run

local all = {}
function setup(t)
	threads = threads + 1
	t:set("number", threads)
	all[#all + 1] = t
end

function init(args)
	what, where, run = args[1], args[2], args[5]
	for line in io.lines(args[3]) do
		local cookie, csrf = line:match("([^\t]+)\t(.+)")
		people[#people + 1] = { cookie = cookie, csrf = csrf }
	end
	for line in io.lines(args[4]) do
		notes[#notes + 1] = line
	end
	bad = 0
end

-- Each person in turn, in each thread from another on.
function request()
	local half = #people / 2
	local person = (count % half) + (number % 2) * half
	local who = people[person + 1]
	local turn = math.floor(count / half)
	local path, body
	count = count + 1
	if what == "publish" then
		local topic = where == "hot" and "hot" or ("t" .. run .. "x" .. number .. "x" .. count)
		path = "/publish"
		body = "csrf=" .. who.csrf .. "&request=m" .. run .. "t" .. number .. "n" .. count
			.. "&visibility=public&language=en&title=Note&body=A+text+of+a+few+words+%23" .. topic
	else
		-- The same one each turn, so that every request likes or takes a like back.
		local note = notes[where == "hot" and 1 or person % #notes + 1]
		path = "/note/" .. note .. "/like"
		body = "csrf=" .. who.csrf .. "&on=" .. (turn % 2 == 0 and "1" or "0")
	end
	return wrk.format("POST", path,
		{ ["Cookie"] = who.cookie, ["Content-Type"] = "application/x-www-form-urlencoded" }, body)
end

function response(status, headers, body)
	if status ~= 303 then
		bad = bad + 1
	end
end

function done(summary)
	local refused = 0
	for _, t in ipairs(all) do
		refused = refused + t:get("bad")
	end
	io.write(string.format("done %d refused %d in %d us\n", summary.requests, refused, summary.duration))
end
