-- SPDX-License-Identifier: Apache-2.0
-- Copyright The Quell authors
-- Refresh with rotation, for wrk: every answer's refresh token is the next request's. BENCH_TOKENS names a file with more
-- of them than there are connections, BENCH_BODY is the form without the token.
local tokens, first, last = {}, 1, 0

function init()
    for token in io.lines(os.getenv("BENCH_TOKENS")) do
        last = last + 1
        tokens[last] = token
    end
end

function request()
    local token = tokens[first]
    tokens[first] = nil
    first = first + 1
    local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
    return wrk.format("POST", nil, headers, os.getenv("BENCH_BODY") .. "&refresh_token=" .. token)
end

function response(status, headers, body)
    local token = body:match('"refresh_token":"([^"]+)"')
    if status ~= 200 or token == nil then
        io.stderr:write("unexpected answer " .. status .. ": " .. body:sub(1, 300) .. "\n")
        os.exit(3)
    end
    last = last + 1
    tokens[last] = token
end
