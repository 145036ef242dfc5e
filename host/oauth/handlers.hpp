// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/message.hpp"
#include "oauth/services.hpp"

// One coroutine an endpoint. `services` and `request` outlive it.
namespace quell::oauth {

inline constexpr std::string_view kOpenIdCallback = "/oauth/openid/callback/{tenant}";

http::Answer authorize(const Services& services, const http::Request& request);   // GET /oauth/authorize
http::Answer consent(const Services& services, const http::Request& request);     // POST /oauth/consent
http::Answer login_page(const Services& services, const http::Request& request);  // GET /oauth/login
http::Answer login(const Services& services, const http::Request& request);       // POST /oauth/login
http::Answer logout(const Services& services, const http::Request& request);      // POST /oauth/logout
http::Answer openid_login(const Services& services, const http::Request& request);     // POST /oauth/openid/login
http::Answer openid_callback(const Services& services, const http::Request& request);  // GET kOpenIdCallback
http::Answer token(const Services& services, const http::Request& request);       // POST /oauth/token
http::Answer introspect(const Services& services, const http::Request& request);  // POST /oauth/introspect
http::Answer revoke(const Services& services, const http::Request& request);      // POST /oauth/revoke
http::Answer register_client(const Services& services, const http::Request& request);  // POST /oauth/register

}  // namespace quell::oauth
