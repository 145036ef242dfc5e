// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bridge_message.hpp"
#include "egress/http_message.hpp"
#include "mcp/param_headers.hpp"

namespace quell::cli {

// Which arguments the host's tools want repeated in Mcp-Param-* headers (MCP 2026-07-28, transports): a desktop client knows
// of no headers, so the bridge reads the lists that pass through it. Any thread.
class BridgeTools {
  public:
    // `answer`: of tools/list, as JSON text; anything else is passed over.
    void learn(std::string_view answer);
    // The host found the headers wrong: what was learned is old.
    void forget();
    bool has_learned() const;
    // For a tools/call of the stateless era; none for anything else.
    std::vector<egress::Header> headers_for(const BridgeMessage& message) const;

  private:
    mutable std::mutex mutex_;  // guards what follows
    bool has_learned_ = false;
    std::map<std::string, std::vector<mcp::ParamHeader>, std::less<>> tools_;  // those that want some
};

// tools/list with the client's own `_meta`, which says what it can do.
BridgeMessage list_request_for(const BridgeMessage& call);

}  // namespace quell::cli
