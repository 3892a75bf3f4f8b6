-- POST /api/gigs/{id}/apply, each gig once.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/") .. "/?.lua;" .. package.path
require("requests")

function init()
    local headers = headers()
    local body = '{"message":"I have built three of these, the last one for a bank; I can start on Monday."}'
    prepare(function(_, id) return wrk.format("POST", "/api/gigs/" .. id .. "/apply", headers, body) end)
end
