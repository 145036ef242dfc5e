// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/form_guard.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"

namespace quell::identity {
namespace {

constexpr std::string_view kCookie = "form";
constexpr std::chrono::hours kLife{1};

std::string proof(std::string_view value, std::string_view subject) {
    return to_base64url(crypto::as_text(crypto::hmac_sha256(value, subject)));
}

}  // namespace

GuardedForm guard_form(const http::Cookies& cookies, const http::Request& request, std::string_view subject) {
    const std::string_view known = cookies.find(request, kCookie);
    if (!known.empty()) {
        return {proof(known, subject), ""};
    }
    const std::string value = random_token();
    return {proof(value, subject), cookies.set(kCookie, value, kLife)};
}

bool is_guarded(const http::Cookies& cookies, const http::Request& request, std::string_view csrf,
                std::string_view subject) {
    const std::string_view value = cookies.find(request, kCookie);
    return !value.empty() && crypto::equal_constant_time(csrf, proof(value, subject));
}

std::string end_form_guard(const http::Cookies& cookies) {
    return cookies.clear(kCookie);
}

}  // namespace quell::identity
