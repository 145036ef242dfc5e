// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/rule_document.hpp"

#include <algorithm>
#include <array>

#include "json/pointer.hpp"
#include "json/read.hpp"

namespace quell::secrets {
namespace {

constexpr std::int64_t kMostCharacters = 1'000;
constexpr std::size_t kMostEntries = 100;
constexpr std::size_t kLongestText = 500;

json::Array to_array(const std::vector<std::string>& texts) {
    json::Array out;
    for (const std::string& text : texts) {
        out.emplace_back(text);
    }
    return out;
}

Error about(std::string_view member, const Error& error) {
    return invalid_arguments("`" + std::string(member) + "` " + error->message + ".");
}

template <std::size_t size>
Result<void> refuse_unknown(const json::Object& object, const std::array<std::string_view, size>& known) {
    for (const auto& member : object) {
        if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
            return invalid_arguments("`" + json::shortened(member.key()) + "` is not known here.")
                .allowed(std::vector<std::string>(known.begin(), known.end()));
        }
    }
    return {};
}

Result<std::vector<std::string>> read_texts(const json::Object& object, std::string_view name) {
    TRY(const json::Array* const list, json::optional_array(object, name));
    std::vector<std::string> texts;
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const std::string_view text = json::text((*list)[i]);
        if (text.empty() || text.size() > kLongestText || list->size() > kMostEntries) {
            return invalid_arguments("`" + std::string(name) + "` must hold at most 100 strings.");
        }
        texts.emplace_back(text);
    }
    return texts;
}

Result<std::string> read_text(const json::Object& object, std::string_view name) {
    TRY(const auto text, json::optional_string(object, name));
    if (text && text->size() > kLongestText) {
        return invalid_arguments("`" + std::string(name) + "` is longer than 500 bytes.");
    }
    return std::string(text.value_or(""));
}

Result<config::AutoApproval> read_auto_approval(const json::Object& document) {
    config::AutoApproval out;
    TRY(const json::Object* const given, json::optional_object(document, "autoApprove"));
    if (given == nullptr) {
        return out;
    }
    TRY_VOID(refuse_unknown(*given, std::array<std::string_view, 2>{"enabled", "conditions"}));
    TRY(const auto enabled, json::optional_bool(*given, "enabled"));
    out.enabled = enabled.value_or(false);
    TRY(const json::Object* const conditions, json::optional_object(*given, "conditions"));
    if (conditions != nullptr) {
        TRY_VOID(refuse_unknown(*conditions, std::array<std::string_view, 3>{"timeWindow", "requester", "operations"}));
        TRY(const std::string window, read_text(*conditions, "timeWindow"));
        if (!window.empty()) {
            TRY(out.time_window, TimeWindow::parse(window));
        }
        TRY(out.requesters, read_texts(*conditions, "requester"));
        TRY(out.operations, read_texts(*conditions, "operations"));
    }
    if (const auto sound = config::check_auto_approval(out); !sound) {
        return about("autoApprove", sound.error());
    }
    return out;
}

Result<config::ReasonRule> read_reason_rule(const json::Object& document) {
    TRY(const auto required, json::optional_bool(document, "requireReason"));
    TRY(const auto least, json::optional_integer(document, "minReasonLength"));
    const std::int64_t length = least.value_or(0);
    if (length < 0 || length > kMostCharacters) {
        return invalid_arguments("`minReasonLength` must be 0 to 1000.");
    }
    return config::ReasonRule{.required = required.value_or(length > 0) || length > 0, .least_length = static_cast<std::size_t>(length)};
}

Result<void> read_permissions(const json::Object& document, config::SecretRule& rule) {
    TRY(auto permissions, read_texts(document, "permissions"));
    if (permissions.empty()) {
        permissions = {"read"};
    }
    if (const auto sound = config::set_permissions(permissions, rule); !sound) {
        return about("permissions", sound.error());
    }
    return {};
}

Result<void> read_limits(const json::Object& document, config::SecretRule& rule) {
    TRY(const auto longest, json::optional_integer(document, "maxTtl"));
    if (longest && (*longest < config::kShortestAccess.count() || *longest > config::kLongestAccess.count())) {
        return invalid_arguments("`maxTtl` must be 60 to 2592000 seconds.");
    }
    if (longest) {
        rule.longest = std::chrono::seconds(*longest);
    }
    TRY(rule.reason, read_reason_rule(document));
    TRY(rule.auto_approval, read_auto_approval(document));
    return {};
}

Result<void> read_approvers(const json::Object& document, const config::ApprovalSettings& approvals, config::SecretRule& rule) {
    TRY(const auto requires_approval, json::optional_bool(document, "requiresApproval"));
    rule.requires_approval = requires_approval.value_or(true);
    TRY(rule.approvers, read_texts(document, "approvers"));
    for (const std::string& approver : rule.approvers) {
        if (const auto known = config::check_approver(approver, approvals); !known) {
            return about("approvers", known.error());
        }
    }
    return {};
}

json::Object auto_approval_document(const config::AutoApproval& rule) {
    json::Object conditions;
    if (rule.time_window) {
        conditions["timeWindow"] = rule.time_window->text();
    }
    if (!rule.requesters.empty()) {
        conditions["requester"] = to_array(rule.requesters);
    }
    if (!rule.operations.empty()) {
        conditions["operations"] = to_array(rule.operations);
    }
    return {{"enabled", rule.enabled}, {"conditions", std::move(conditions)}};
}

json::Array permissions_of(const config::SecretRule& rule) {
    json::Array out;
    if (rule.may_read) {
        out.emplace_back("read");
    }
    if (rule.may_write) {
        out.emplace_back("write");
    }
    return out;
}

}  // namespace

json::Object to_document(const config::SecretRule& rule) {
    json::Object out{{"uri", rule.pattern.text()},
                     {"name", rule.name},
                     {"description", rule.description},
                     {"type", "secret"},
                     {"permissions", permissions_of(rule)},
                     {"requiresApproval", rule.requires_approval},
                     {"approvers", to_array(rule.approvers)},
                     {"autoApprove", auto_approval_document(rule.auto_approval)},
                     {"requireReason", rule.reason.required},
                     {"minReasonLength", rule.reason.least_length}};
    if (rule.longest) {
        out["maxTtl"] = rule.longest->count();
    }
    return out;
}

Result<config::SecretRule> read_rule(const json::Object& document, const config::ApprovalSettings& approvals) {
    TRY_VOID(refuse_unknown(document, std::array<std::string_view, 11>{"uri", "name", "description", "type", "permissions",
                                                                       "requiresApproval", "approvers", "autoApprove", "requireReason",
                                                                       "minReasonLength", "maxTtl"}));
    TRY(const std::string uri, read_text(document, "uri"));
    TRY(ResourcePattern pattern, ResourcePattern::parse(uri));
    config::SecretRule rule{.pattern = std::move(pattern)};
    TRY(rule.name, read_text(document, "name"));
    TRY(rule.description, read_text(document, "description"));
    TRY_VOID(read_permissions(document, rule));
    TRY_VOID(read_approvers(document, approvals, rule));
    TRY_VOID(read_limits(document, rule));
    return rule;
}

}  // namespace quell::secrets
