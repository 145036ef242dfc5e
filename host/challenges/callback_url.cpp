// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/callback_url.hpp"

#include <algorithm>
#include <array>

#include "egress/address_veto.hpp"
#include "egress/url.hpp"

namespace quell::challenges {
namespace {

Error refused(std::string_view why) {
    return invalid_arguments("`callback_url` is refused: " + std::string(why) + ".")
        .next_step("Give an https address of a public host, or leave `callback_url` out and ask get_challenge_status.");
}

// Only an address holds a colon, or nothing but digits and dots (libcurl has spelled every form of IPv4 that way).
bool is_address(std::string_view host) {
    return host.find(':') != std::string_view::npos ||
           std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

// Names that never leave the machine or the local network (RFC 6761, RFC 6762, RFC 8375, and ICANN's .internal).
bool is_inner_name(std::string_view host) {
    if (host.find('.') == std::string_view::npos) {
        return true;
    }
    constexpr std::array<std::string_view, 5> kInner = {".localhost", ".local", ".internal", ".home.arpa", ".localdomain"};
    return std::ranges::any_of(kInner, [&](std::string_view suffix) { return host.ends_with(suffix); });
}

}  // namespace

Result<void> check_callback_url(std::string_view text, bool allow_insecure_loopback) {
    const auto url = egress::Url::parse(text);
    if (!url) {
        return refused("it must be a plain https address without credentials and fragment");
    }
    if (allow_insecure_loopback && egress::names_loopback(url->host())) {
        return {};
    }
    if (!url->is_https()) {
        return refused("it must be https");
    }
    const bool is_public = is_address(url->host()) ? egress::is_within(egress::Reach::public_only, url->host())
                                                   : !is_inner_name(url->host());
    return is_public ? Result<void>() : refused("its host is not public");
}

}  // namespace quell::challenges
