// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace quell {

// A string with a meaning, so that a tenant cannot be passed where a client is wanted.
template <class Tag>
class StrongId {
  public:
    StrongId() = default;
    explicit StrongId(std::string value) : value_(std::move(value)) {}
    const std::string& str() const { return value_; }
    bool empty() const { return value_.empty(); }
    auto operator<=>(const StrongId&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const StrongId& id) { return out << id.value_; }

  private:
    std::string value_;
};

using TenantId = StrongId<struct TenantTag>;
using ClientId = StrongId<struct ClientTag>;
using UserId = StrongId<struct UserTag>;
using RequestId = StrongId<struct RequestTag>;
using ConnectorKey = StrongId<struct ConnectorTag>;
using PluginId = StrongId<struct PluginTag>;

}  // namespace quell

template <class Tag>
struct std::hash<quell::StrongId<Tag>> {
    std::size_t operator()(const quell::StrongId<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.str());
    }
};
