// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

// The value of WWW-Authenticate at the resource (INTERFACES.md 2, RFC 6750 3, RFC 9728 5.1). `scope` is what the
// caller would need, space separated; empty leaves it out. It lives here because each door may need it.
namespace quell::identity {

// 401, no token came.
std::string bearer_challenge(std::string_view public_url, std::string_view scope);
// 401, the token is unknown, expired, revoked or meant for another resource.
std::string invalid_token_challenge(std::string_view public_url, std::string_view scope);
// 403, the token is good but lacks scope; `scope` names all that the operation needs.
std::string insufficient_scope_challenge(std::string_view public_url, std::string_view scope);

}  // namespace quell::identity
