// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "mcp/host_resources.hpp"
#include "secrets/service.hpp"

namespace quell::mcp {

// vsecure://... as MCP resources (A13): stored secrets and rules for one are listed, patterns are templates, reading is the
// same as by the tool.
class SecretResources final : public HostResources {
  public:
    explicit SecretResources(secrets::Service& secrets) : secrets_(secrets) {}

    std::string resources(const identity::Principal& caller) const override { return listed(caller, false); }
    std::string templates(const identity::Principal& caller) const override { return listed(caller, true); }
    bool owns(std::string_view uri) const override { return uri.starts_with("vsecure://"); }
    identity::Scope scope() const override { return identity::Scope::secrets_read; }
    base::Task<std::string> read(identity::Principal caller, std::string uri) override;

  private:
    std::string listed(const identity::Principal& caller, bool patterns) const;

    secrets::Service& secrets_;
};

}  // namespace quell::mcp
