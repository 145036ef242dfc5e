// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/parse.hpp"
#include "mcp/era.hpp"
#include "target.hpp"

// A JSON-RPC message and the claims of its era.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = quell::json::parse(quell::fuzz::as_text(data, size));
    if (!document) {
        return 0;
    }
    const auto message = quell::mcp::read_message(*document);
    if (message) {
        quell::http::Request request;
        request.headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", message->method}};
        const auto era = quell::mcp::era_of(request, *message);
        static_cast<void>(quell::mcp::check_claims(era, request, *message));
    }
    return 0;
}
