// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/message.hpp"
#include "oauth/form.hpp"
#include "oauth/services.hpp"

// A client that an administrator's consent made (V08) need not know its id: at the token endpoint, too, it may leave
// client_id out or say "dynamic". Which client it is follows from the code or refresh token that it holds; as every
// public client it proves itself by the PKCE verifier, or by that token.
namespace quell::oauth {

inline constexpr std::string_view kDynamic = "dynamic";

// Whether neither an id nor a proof of a client came.
bool names_no_client(const http::Request& request, const Form& form);

// invalid_client where code or token are unknown, or belong to a client that was given an id.
Result<identity::Client> consented_client(const Services& services, const Form& form);

}  // namespace quell::oauth
