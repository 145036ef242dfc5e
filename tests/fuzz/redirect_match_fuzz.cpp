// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/redirect_hosts.hpp"
#include "target.hpp"

using quell::identity::RedirectKind;
using quell::identity::RedirectUri;

namespace {

// A URI that stands for another leads to the same host and, but for a loopback's port, is the same.
void check_match(const RedirectUri& registered, const RedirectUri& presented) {
    if (registered.admits(presented)) {
        quell::fuzz::require(registered.host() == presented.host() && registered.kind() == presented.kind());
        quell::fuzz::require(registered.kind() == RedirectKind::loopback || registered.text() == presented.text());
    }
}

// What a rule of hosts lets through is the person's own machine, the one custom scheme or ends in a name of the rule.
void check_host(const RedirectUri& uri) {
    const quell::config::RedirectHosts rule{.any = false, .known_clients = false, .hosts = {"a.example", "*.b.example"}};
    if (may_lead_to(rule, uri) && !uri.leads_to_this_machine()) {
        quell::fuzz::require(uri.host() == "a.example" || uri.host().ends_with(".b.example"));
    }
}

}  // namespace

// The input is two URIs with a line feed between them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = quell::fuzz::as_text(data, size);
    const std::size_t line = text.find('\n');
    const auto registered = RedirectUri::parse(text.substr(0, line));
    const auto presented = RedirectUri::parse(line == std::string_view::npos ? text : text.substr(line + 1));
    if (registered && presented) {
        check_match(*registered, *presented);
        check_host(*presented);
    }
    return 0;
}
