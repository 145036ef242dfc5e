// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace quell::http {

// Our cookies: __Host- with Secure on https, a plain name without Secure on loopback http, where browsers refuse
// the prefix (OA-24). Always HttpOnly, SameSite=Lax (authorize is reached from another site), Path=/, no Domain.
class Cookies {
  public:
    explicit Cookies(bool https) : https_(https) {}

    // The value of the cookie "quell-<name>", empty if absent.
    std::string_view find(const Request& request, std::string_view name) const;
    // A value of Set-Cookie. `value` is base64url text.
    std::string set(std::string_view name, std::string_view value, std::chrono::seconds life) const;
    std::string clear(std::string_view name) const { return set(name, "", std::chrono::seconds(0)); }

  private:
    std::string full_name(std::string_view name) const;

    bool https_;
};

}  // namespace quell::http
