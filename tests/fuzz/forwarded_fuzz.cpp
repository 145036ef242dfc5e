// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/forwarded.hpp"
#include "target.hpp"

// Whatever a proxy passes on, the client is the proxy itself or an address.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const quell::Network everywhere = quell::Network::parse("::/0").value();
    static const quell::http::ForwardedClients clients({quell::Network::parse("127.0.0.0/8").value()});
    const std::string_view text = quell::fuzz::as_text(data, size);
    for (const std::string_view name : {"X-Forwarded-For", "Forwarded"}) {
        quell::http::Request request;
        request.peer = "127.0.0.1";
        request.headers = {{name, text}};
        quell::fuzz::require(everywhere.contains(clients.client_of(request)));
    }
    return 0;
}
