// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "http/cookies.hpp"

namespace quell::identity {

// For forms of people who are not signed in: a random value in a cookie of its own, of which a form has to know the HMAC
// over its subject. So nobody else's page can send the form, and a form for one subject is none for another.
struct GuardedForm {
    std::string csrf;
    std::string set_cookie;  // empty: the browser has the value already
};

GuardedForm guard_form(const http::Cookies& cookies, const http::Request& request, std::string_view subject);
bool is_guarded(const http::Cookies& cookies, const http::Request& request, std::string_view csrf,
                std::string_view subject);
// A value of Set-Cookie, for when the forms have had their use.
std::string end_form_guard(const http::Cookies& cookies);

}  // namespace quell::identity
