// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"

// The discovery documents, made of the settings alone: a forged Host changes nothing (DC-06).
namespace quell::oauth {

// RFC 9728: what stands behind <public_url>/mcp and who issues tokens for it (E04, DC-01).
std::string protected_resource_document(std::string_view public_url);
// RFC 8414 (E05, DC-02); the same document answers at openid-configuration.
// It names a registration endpoint and metadata documents only if they are on.
std::string authorization_server_document(std::string_view public_url, const config::OAuthSettings& settings);

}  // namespace quell::oauth
