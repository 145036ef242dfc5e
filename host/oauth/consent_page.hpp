// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oauth/grantable.hpp"

namespace quell::oauth {

// What a person reads about a scope.
std::string meaning(identity::Scope scope);
// What the consent form's CSRF token is bound to: this very request.
std::string consent_subject(std::string_view request);

http::Response consent_page(const Authorization& authorization, const identity::Login& login,
                            const std::vector<Choice>& choices, std::string_view request);

}  // namespace quell::oauth
