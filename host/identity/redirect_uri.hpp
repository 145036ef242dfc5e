// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quell::identity {

enum class RedirectKind { https, loopback, custom };

// A redirect URI that passed the rules; exists only through parse(). Immutable value.
// Allowed (V18, RFC 8252): https with any host, http to localhost, 127.0.0.1 or [::1], and the one custom-scheme
// entry cursor://anysphere.cursor-mcp/oauth/callback. Refused: other schemes, fragments, user information,
// wildcards, and bytes that a browser would read differently than we do (backslash, controls, non-ASCII).
class RedirectUri {
  public:
    static Result<RedirectUri> parse(std::string_view text);

    const std::string& text() const { return text_; }
    RedirectKind kind() const { return kind_; }
    const std::string& host() const { return host_; }  // without port; for the consent page
    // Whether it leads to a program of the person's own machine, by a host or a custom scheme: any program there could
    // be the client (OA-25).
    bool leads_to_this_machine() const;
    // What Content-Security-Policy form-action has to allow: the origin, or the scheme where CSP cannot name it.
    std::string form_action_source() const;
    // Whether `presented` is this registered URI: the same bytes, but for the port of a loopback (RFC 8252 7.3).
    bool admits(const RedirectUri& presented) const;

  private:
    RedirectUri() = default;

    RedirectKind kind_ = RedirectKind::https;
    std::string text_;
    std::string host_;
    std::string origin_;         // scheme://host:port
    std::string path_and_query_;
};

}  // namespace quell::identity
