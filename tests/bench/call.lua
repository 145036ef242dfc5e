-- SPDX-License-Identifier: Apache-2.0
-- Copyright The Quell authors
-- The one request of a benchmark, for wrk: headers (a line each) and body come from the environment.
wrk.method = "POST"
wrk.body = os.getenv("BENCH_BODY")
for name, value in os.getenv("BENCH_HEADERS"):gmatch("([^\n:]+): ([^\n]*)") do
    wrk.headers[name] = value
end

local refused = 0
function response(status, headers, body)
    if status ~= 200 or (os.getenv("BENCH_EXPECT") ~= "" and not body:find(os.getenv("BENCH_EXPECT"), 1, true)) then
        refused = refused + 1
        if refused == 1 then
            io.stderr:write("unexpected answer " .. status .. ": " .. body:sub(1, 300) .. "\n")
            os.exit(3)
        end
    end
end
