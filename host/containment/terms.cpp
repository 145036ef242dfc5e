// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/terms.hpp"

#include "base/named_value.hpp"

namespace quell::containment {
namespace {

constexpr std::array<std::string_view, 2> kKindNames = {"edr", "mdm"};
constexpr std::array<std::string_view, 3> kActionNames = {"lock_device", "network_contain", "release_containment"};
constexpr std::array<std::string_view, 3> kWantedStates = {"locked", "contained", "normal"};
constexpr std::array<std::string_view, 4> kLookupNames = {"user_email", "hostname", "serial_number",
                                                          "provider_device_id"};

}  // namespace

std::string_view to_string(ConnectorKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }
std::optional<ConnectorKind> parse_kind(std::string_view text) { return value_named<ConnectorKind>(kKindNames, text); }

std::string_view to_string(Action action) { return kActionNames.at(static_cast<std::size_t>(action)); }
std::optional<Action> parse_action(std::string_view text) { return value_named<Action>(kActionNames, text); }
std::string_view wanted_state(Action action) { return kWantedStates.at(static_cast<std::size_t>(action)); }

std::string_view to_string(LookupType type) { return kLookupNames.at(static_cast<std::size_t>(type)); }
std::optional<LookupType> parse_lookup_type(std::string_view text) { return value_named<LookupType>(kLookupNames, text); }

}  // namespace quell::containment
