// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/setting_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "egress/url.hpp"

namespace quell::egress {
namespace {

constexpr std::string_view kOpen = "{settings.";

using Lookup = std::function<Result<SecretString>(std::string_view name)>;

Error misconfigured(std::string message) {
    return Error(Code::failed_precondition, "connector_misconfigured", std::move(message));
}

Result<SecretString> plain_value(std::string_view name, const json::Value& value) {
    if (value.is_string()) {
        return SecretString(std::string(json::text(value)));
    }
    if (value.is_int64()) {
        return SecretString(std::to_string(value.as_int64()));
    }
    return misconfigured(fmt::format("The setting \"{}\" must be a text here.", name));
}

Result<SecretString> look_up(std::string_view name, const ConnectorValues& values,
                             bool secrets_allowed) {
    if (const auto secret = values.secrets.find(name); secret != values.secrets.end()) {
        if (!secrets_allowed) {
            return misconfigured(
                fmt::format("The manifest uses the secret \"{}\" where it would be shown.", name));
        }
        return secret->second.copy();
    }
    const auto plain = values.plain.find(name);
    if (plain == values.plain.end() || plain->value().is_null()) {
        return misconfigured(fmt::format("The setting \"{}\" is missing.", name));
    }
    return plain_value(name, plain->value());
}

// Splits off the next reference: what stands before it goes to `before`, `text` goes on behind it.
std::optional<std::string_view> next_name(std::string_view& text, std::string_view& before) {
    const std::size_t begin = text.find(kOpen);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    before = text.substr(0, begin);
    const std::string_view name = text.substr(begin + kOpen.size(), end - begin - kOpen.size());
    text.remove_prefix(end + 1);
    return name;
}

bool has_brace(std::string_view text) {
    return text.find_first_of("{}") != std::string_view::npos;
}

Result<SecretString> replace(std::string_view text, const ConnectorValues& values,
                             bool secrets_allowed) {
    const std::string_view whole = text;
    const auto malformed = [whole] {
        return misconfigured(
            fmt::format("The manifest's text \"{}\" has a brace that is no reference.", whole));
    };
    std::string out;
    std::string_view before;
    while (const auto name = next_name(text, before)) {
        if (has_brace(before)) {
            return malformed();
        }
        TRY(const SecretString value, look_up(*name, values, secrets_allowed));
        out.append(before).append(value.reveal());
        if (text.starts_with('/') && out.ends_with('/')) {
            out.pop_back();
        }
    }
    if (has_brace(text)) {
        return malformed();
    }
    return SecretString(out.append(text));
}

}  // namespace

std::vector<std::string> setting_names(std::string_view text) {
    std::vector<std::string> names;
    std::string_view before;
    while (const auto name = next_name(text, before)) {
        names.emplace_back(*name);
    }
    return names;
}

bool has_settings(std::string_view text, const ConnectorValues& values) {
    return std::ranges::all_of(setting_names(text), [&](const std::string& name) {
        const auto plain = values.plain.find(name);
        return values.secrets.contains(name) ||
               (plain != values.plain.end() && !plain->value().is_null());
    });
}

Result<SecretString> expand_secret(std::string_view text, const ConnectorValues& values) {
    return replace(text, values, true);
}

Result<std::string> expand(std::string_view text, const ConnectorValues& values) {
    TRY(const SecretString out, replace(text, values, false));
    return std::string(out.reveal());
}

Result<std::vector<std::string>> expand_egress(const std::vector<std::string>& entries,
                                               const ConnectorValues& values) {
    std::vector<std::string> patterns;
    const auto is_complete = [&](const std::string& entry) { return has_settings(entry, values); };
    const bool any_complete = std::ranges::any_of(entries, is_complete);
    for (const std::string& entry : entries) {
        if (any_complete && !is_complete(entry)) {
            continue;
        }
        TRY(std::string text, expand(entry, values));
        if (text.find("://") != std::string::npos) {
            TRY(const Url url, Url::parse(text));
            text = url.host_and_port();
        }
        patterns.push_back(std::move(text));
    }
    return patterns;
}

}  // namespace quell::egress
