// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

// The files of templates/, embedded at build time (CMakeLists.txt).
namespace quell::embedded {

extern const std::string_view oauth_head;
extern const std::string_view oauth_foot;
extern const std::string_view oauth_login;
extern const std::string_view oauth_consent;
extern const std::string_view oauth_account;
extern const std::string_view oauth_message;
extern const std::string_view oauth_leaving;
extern const std::string_view oauth_company_choice;
extern const std::string_view oauth_style;

}  // namespace quell::embedded
