-- GET /api/gigs/{id} at random ids.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/") .. "/?.lua;" .. package.path
require("requests")

function init()
    local headers = headers()
    prepare(function(_, id) return wrk.format("GET", "/api/gigs/" .. id, headers) end)
end
