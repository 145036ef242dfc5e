// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/arguments.hpp"

#include "containment/lookup_value.hpp"
#include "json/read.hpp"
#include "orders/order_arguments.hpp"

namespace quell::containment {
namespace {

template <class Values>
std::vector<std::string> names(const Values& values) {
    std::vector<std::string> out;
    for (const auto value : values) {
        out.emplace_back(to_string(value));
    }
    return out;
}

Result<Action> read_action(const json::Object& object) {
    TRY(const auto text, json::string_member(object, "action"));
    if (const auto action = parse_action(text)) {
        return *action;
    }
    return invalid_arguments("`action` is none of the known actions.").allowed(names(kActions));
}

Result<Lookup> read_lookup(const json::Object& object) {
    TRY(const json::Object* const lookup, json::object_member(object, "lookup"));
    TRY_VOID(orders::refuse_other_members(*lookup, {{"lookup_type", "value"}}));
    TRY(const auto type, json::string_member(*lookup, "lookup_type"));
    TRY(const auto value, json::string_member(*lookup, "value"));
    const auto known = parse_lookup_type(type);
    if (!known) {
        return invalid_arguments("`lookup.lookup_type` is none of the known types.").allowed(names(kLookupTypes));
    }
    Lookup read{*known, std::string(value)};
    TRY_VOID(check_lookup_value(read));
    return read;
}

}  // namespace

Result<ContainArguments> read_arguments(const json::Object& object) {
    static constexpr std::array<std::string_view, 6> kMembers = {
        "action", "lookup", "integration_targets", "reason", "dry_run", "idempotency_key"};
    TRY_VOID(orders::refuse_other_members(object, kMembers));
    ContainArguments arguments;
    TRY(arguments.action, read_action(object));
    TRY(arguments.lookup, read_lookup(object));
    TRY(orders::SharedArguments shared, orders::read_shared_arguments(object));
    arguments.integration_targets = std::move(shared.integration_targets);
    arguments.reason = std::move(shared.reason);
    arguments.dry_run = shared.dry_run;
    arguments.idempotency_key = std::move(shared.idempotency_key);
    return arguments;
}

}  // namespace quell::containment
