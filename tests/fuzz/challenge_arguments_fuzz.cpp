// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/arguments.hpp"
#include "challenges/callback_url.hpp"
#include "egress/address_veto.hpp"
#include "egress/url.hpp"
#include "json/parse.hpp"
#include "target.hpp"

namespace {

// A webhook never goes where an address is not public, however the address is written (SS-01).
void check_callback(std::string_view text) {
    if (!quell::challenges::check_callback_url(text, false)) {
        return;
    }
    const auto url = quell::egress::Url::parse(text);
    quell::fuzz::require(url.has_value() && url->is_https() && !quell::egress::names_loopback(url->host()));
    const bool is_v6 = url->host().find(':') != std::string::npos;
    quell::fuzz::require(!is_v6 || quell::egress::is_within(quell::egress::Reach::public_only, url->host()));
}

}  // namespace

// What is accepted names a target, lives within the bounds, and means the same when it is read again.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = quell::fuzz::as_text(data, size);
    check_callback(text);
    const auto value = quell::json::parse(text);
    const auto* const object = value ? value->if_object() : nullptr;
    const auto arguments = object ? quell::challenges::read_arguments(*object)
                                  : quell::Result<quell::challenges::CreateArguments>(quell::invalid_arguments(""));
    if (!arguments) {
        return 0;
    }
    quell::fuzz::require(arguments->target_user_id || arguments->target_user_email);
    quell::fuzz::require(!arguments->expiry || (arguments->expiry->count() >= 1 && arguments->expiry->count() <= 10'080));
    quell::fuzz::require(quell::challenges::arguments_digest(*arguments).size() == 64);
    if (arguments->callback_url) {
        check_callback(*arguments->callback_url);
    }
    return 0;
}
