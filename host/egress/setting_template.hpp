// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "json/value.hpp"

namespace quell::egress {

// Reads a secret anew where it lies: a file that somebody else renews. Any thread.
using SecretSource = std::function<Result<SecretString>()>;

// A connector's settings as egress needs them: valid by the plugin's schema, secrets read.
struct ConnectorValues {
    json::Object plain;
    std::map<std::string, SecretString, std::less<>> secrets;  // members marked x-secret
    std::map<std::string, SecretSource, std::less<>> sources{};  // of those that can be read anew
};

// The names in "{settings.base_url}/oauth2/token", in order.
std::vector<std::string> setting_names(std::string_view text);

// Whether every setting that the text refers to is there.
bool has_settings(std::string_view text, const ConnectorValues& values);

// The text with its references replaced. A value's final slash is dropped before a slash, so that a
// base URL may be written with or without it. Refuses unknown or absent settings, values that are
// no text or number, and anything else in braces.
Result<SecretString> expand_secret(std::string_view text, const ConnectorValues& values);
// The same for places that are shown and logged: refuses secrets.
Result<std::string> expand(std::string_view text, const ConnectorValues& values);

// The manifest's egress entries as host:port patterns; an entry that expands to a URL means that
// URL's host and port. An entry whose setting is absent is left out if another one is not.
Result<std::vector<std::string>> expand_egress(const std::vector<std::string>& entries,
                                               const ConnectorValues& values);

}  // namespace quell::egress
