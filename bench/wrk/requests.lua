-- Shared by the loads: every request is made before the run, so that wrk measures the server and not Lua.
local requests, place = {}, 0
local running

function setup(thread) running = thread end

-- Calls make(moment, id) for each gig; moment is created_at in µs since 1970.
function prepare(make)
    for line in io.lines(os.getenv("BENCH_GIGS")) do
        local moment, id = line:match("^(%d+) (%S+)$")
        requests[#requests + 1] = make(tonumber(moment), id)
    end
    prepared = os.clock()
end

-- The same GET again and again.
function repeated(path)
    requests = { wrk.format("GET", path, headers()) }
    prepared = os.clock()
end

-- The gigs are shuffled. After the last one it starts again with the first.
function request()
    place = place % #requests + 1
    return requests[place]
end

function headers()
    return { Authorization = "Bearer " .. os.getenv("BENCH_KEY"), ["Content-Type"] = "application/json" }
end

-- The last figure is the CPU in seconds that it took to make the requests.
function report(summary, latency, failures)
    print(string.format(
        "result %.1f %d %d %d %.2f", summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99),
        failures, running:get("prepared")))
end

function done(summary, latency)
    local e = summary.errors
    report(summary, latency, e.status + e.connect + e.read + e.write + e.timeout)
end
