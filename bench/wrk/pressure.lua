-- The load of another script, with refusals counted apart: 503 with Retry-After is what a busy service should answer.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/") .. "/?.lua;" .. package.path
local threads = {}

dofile(debug.getinfo(1, "S").source:match("^@(.*)/") .. "/" .. os.getenv("BENCH_LOAD") .. ".lua")

function setup(thread) table.insert(threads, thread) end

local start = init
function init(arguments)
    good, refused, others = 0, 0, 0
    start(arguments)
end

function response(status, headers)
    if status < 300 then
        good = good + 1
    elseif status == 503 and headers["Retry-After"] then
        refused = refused + 1
    else
        others = others + 1
    end
end

function done(summary, latency)
    local sums = { good = 0, refused = 0, others = 0 }
    for _, thread in ipairs(threads) do
        for name, sum in pairs(sums) do sums[name] = sum + thread:get(name) end
    end
    local e, seconds = summary.errors, summary.duration / 1e6
    print(string.format(
        "result %.0f %.0f %d %d %d", sums.good / seconds, sums.refused / seconds,
        sums.others + e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
end
