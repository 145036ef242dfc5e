// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/rules.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "json/parse.hpp"
#include "secrets/rule_document.hpp"
#include "store/secrets.hpp"

namespace quell::secrets {
namespace {

bool has_shape(const std::vector<config::SecretRule>& rules, std::string_view shape) {
    return std::any_of(rules.begin(), rules.end(), [&](const config::SecretRule& rule) { return rule.pattern.shape() == shape; });
}

Result<config::SecretRule> read_stored(const store::SecretRuleRow& row, const config::ApprovalSettings& approvals) {
    TRY(const json::Value document, json::parse(row.document));
    if (!document.is_object()) {
        return internal_error("a stored rule is no object");
    }
    return read_rule(document.get_object(), approvals);
}

// In the place of a rule that cannot be read: it allows nothing, and no broader rule steps in for it.
Result<config::SecretRule> closed_rule(std::string shape) {
    for (std::size_t at = shape.find("{}"); at != std::string::npos; at = shape.find("{}", at + 1)) {
        shape.insert(at + 1, "x");
    }
    TRY(ResourcePattern pattern, ResourcePattern::parse(shape));
    config::SecretRule rule{.pattern = std::move(pattern)};
    rule.may_read = false;
    return rule;
}

// "{environment}" at its place in the pattern, and {name}, to what the resource has there.
std::string value_of(std::string_view variable, const config::SecretRule& rule, const ResourceUri& uri) {
    std::string_view pattern = std::string_view(rule.pattern.text()).substr(std::string_view("vsecure://").size());
    for (const std::string& segment : uri.segments()) {
        const std::string_view part = pattern.substr(0, pattern.find('/'));
        if (part == variable) {
            return segment;
        }
        pattern.remove_prefix(std::min(part.size() + 1, pattern.size()));
    }
    return uri.name();
}

std::string filled(std::string_view text, const config::SecretRule& rule, const ResourceUri& uri) {
    std::string out;
    while (true) {
        const std::size_t open = text.find('{'), close = text.find('}');
        if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
            return out += text;
        }
        out += text.substr(0, open);
        out += value_of(text.substr(open, close - open + 1), rule, uri);
        text.remove_prefix(close + 1);
    }
}

}  // namespace

Result<std::vector<config::SecretRule>> rules_of(store::Reader& reader, const TenantId& tenant, const config::SecretSettings& settings,
                                                 const config::ApprovalSettings& approvals) {
    std::vector<config::SecretRule> rules = settings.rules;
    TRY(const auto stored, store::list_secret_rules(reader, tenant));
    for (const store::SecretRuleRow& row : stored) {
        if (has_shape(settings.rules, row.shape)) {
            continue;
        }
        if (auto rule = read_stored(row, approvals)) {
            rules.push_back(*std::move(rule));
            continue;
        }
        log::warn("secret_rule_unreadable", {{"tenant", tenant.str()}, {"shape", row.shape}});
        TRY(config::SecretRule closed, closed_rule(row.shape));
        rules.push_back(std::move(closed));
    }
    return rules;
}

const config::SecretRule* find_rule(const std::vector<config::SecretRule>& rules, const ResourceUri& uri) {
    const config::SecretRule* best = nullptr;
    for (const config::SecretRule& rule : rules) {
        if (rule.pattern.matches(uri) && (best == nullptr || rule.pattern.is_more_specific_than(best->pattern))) {
            best = &rule;
        }
    }
    return best;
}

Source source_of(const config::SecretRule& rule, const ResourceUri& uri) {
    if (rule.source.empty()) {
        return {.connector = {}, .path = uri.text(), .field = {}};
    }
    const std::string_view text = rule.source;
    const std::size_t colon = text.find(':'), hash = text.rfind('#');
    return {.connector = std::string(text.substr(0, colon)),
            .path = filled(text.substr(colon + 1, hash - colon - 1), rule, uri),
            .field = filled(text.substr(hash + 1), rule, uri)};
}

}  // namespace quell::secrets
