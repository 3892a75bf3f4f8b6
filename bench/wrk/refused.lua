-- GET /api/gigs/x, which is no id: a refusal that asks no database. Every other answer is a failure.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/") .. "/?.lua;" .. package.path
require("requests")

function init() repeated("/api/gigs/x") end

function done(summary, latency)
    local e = summary.errors
    report(summary, latency, summary.requests - e.status + e.connect + e.read + e.write + e.timeout)
end
