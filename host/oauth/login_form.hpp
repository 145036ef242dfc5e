// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"
#include "oauth/form.hpp"
#include "oauth/services.hpp"

namespace quell::oauth {

// What a sign-in page shows again after a refusal.
struct LoginView {
    std::string next;     // a local path, or empty
    std::string email;
    std::string company;  // an e-mail or a tenant's id
    unsigned status = 200;
    std::string problem{};
};

// The sign-in page; gives the browser the value that its forms are bound to.
http::Response login_response(const Services& services, const http::Request& request, const LoginView& view);
// Whether the form comes from this browser's own sign-in page: other sites cannot sign a browser in to an account of
// theirs.
bool is_genuine_login(const Services& services, const http::Request& request, const Form& form);
std::string local_or_empty(std::string_view next);

}  // namespace quell::oauth
