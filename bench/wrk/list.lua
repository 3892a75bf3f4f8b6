-- GET /api/gigs?status=active&limit=20 at random cursors.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/") .. "/?.lua;" .. package.path
require("requests")

-- In base 36, as the service writes a cursor's moment.
local function base36(number)
    local text = ""
    while number > 0 do
        local digit = number % 36
        text = ("0123456789abcdefghijklmnopqrstuvwxyz"):sub(digit + 1, digit + 1) .. text
        number = (number - digit) / 36
    end
    return text
end

function init()
    local headers = headers()
    prepare(function(moment, id)
        local cursor = base36(moment) .. "-" .. id:gsub("-", "")
        return wrk.format("GET", "/api/gigs?status=active&limit=20&cursor=" .. cursor, headers)
    end)
end
