// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/listeners.hpp"

namespace quell::app {
namespace {

std::string numeric(const config::Endpoint& endpoint) {
    return endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host;
}

std::optional<http::TlsFiles> tls_files(const config::ServerSettings& server) {
    if (!server.has_tls()) {
        return std::nullopt;
    }
    return http::TlsFiles{server.tls_cert.string(), server.tls_key.string()};
}

}  // namespace

http::ListenOptions public_listener(const config::Settings& settings) {
    return {.address = numeric(settings.server.listen),
            .port = settings.server.listen.port,
            .tls = tls_files(settings.server)};
}

std::optional<http::ListenOptions> admin_listener(const config::Settings& settings) {
    const auto& listen = settings.admin.listen;
    return listen ? std::optional(http::ListenOptions{.address = numeric(*listen), .port = listen->port}) : std::nullopt;
}

http::ListenOptions socket_listener(const config::Settings& settings) {
    return {.unix_path = settings.admin.socket.string()};
}

}  // namespace quell::app
