// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/request_state.hpp"
#include "target.hpp"

// Whatever a client sends as requestState is refused, unless it is what was sealed.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quell;
    static const crypto::SealingKey key = crypto::SealingKey::make(SecretString(std::string(32, 'k'))).value();
    static const identity::Principal caller{TenantId("acme"), "user:1", "a", ClientId("c"), {}};
    static mcp::RequestStates states(key);
    const std::string_view text = fuzz::as_text(data, size);
    const mcp::RequestStates::Binding binding{.caller = caller, .method = "tools/call", .name = "t", .arguments = "{}"};
    const WallTime now = from_unix_millis(1'000'000);
    fuzz::require(!states.open(text, binding, now));
    const auto back = states.open(states.seal(text, binding, now), binding, now);
    fuzz::require(size > 80'000 || (back && *back == text));
    return 0;
}
