// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <string_view>

namespace quell::inline v1::detail {

inline quell_str to_str(std::string_view text) {
    return quell_str{text.data(), text.size()};
}

inline std::string_view to_view(quell_str text) {
    return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.size);
}

// The tables of the host that this SDK needs. Borrowed: valid until the instance is destroyed.
struct Services {
    quell_host* host = nullptr;
    const quell_call_api* call = nullptr;
    const quell_http_api* http = nullptr;
    const quell_log_api* log = nullptr;
    const quell_clock_api* clock = nullptr;
    const quell_mcp_api* mcp = nullptr;  // null: the host is older than 1.1

    bool complete() const {
        // abi.h rule 3: a field exists only if the writer of the table knew it.
        return call != nullptr && QUELL_HAS(call, quell_call_api, mode) && http != nullptr &&
               QUELL_HAS(http, quell_http_api, request) && log != nullptr &&
               QUELL_HAS(log, quell_log_api, write) && clock != nullptr &&
               QUELL_HAS(clock, quell_clock_api, sleep_ms);
    }
};

template <class Table>
const Table* find_service(quell_host* host, const quell_host_api& api, std::string_view id) {
    return static_cast<const Table*>(api.service(host, to_str(id)));
}

inline Services find_services(quell_host* host, const quell_host_api& api) {
    if (!QUELL_HAS(&api, quell_host_api, service) || api.abi_major != QUELL_ABI_MAJOR)
        return {};
    Services services;
    services.host = host;
    services.call = find_service<quell_call_api>(host, api, "quell.call/1");
    services.http = find_service<quell_http_api>(host, api, "quell.http/1");
    services.log = find_service<quell_log_api>(host, api, "quell.log/1");
    services.clock = find_service<quell_clock_api>(host, api, "quell.clock/1");
    const auto* mcp = find_service<quell_mcp_api>(host, api, "quell.mcp/1");
    services.mcp = mcp != nullptr && QUELL_HAS(mcp, quell_mcp_api, notify) ? mcp : nullptr;
    return services;
}

}  // namespace quell::inline v1::detail
