// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "egress/allow_list.hpp"
#include "egress/http_message.hpp"
#include "egress/setting_template.hpp"
#include "egress/url.hpp"

namespace quell::egress {

// Where a connector's requests may go. A destination needs the manifest's word and the admin's.
// Immutable after make(); any thread.
class Destinations {
  public:
    static Result<Destinations> make(const std::vector<std::string>& manifest_patterns,
                                     const std::vector<std::string>& admin_patterns,
                                     bool allow_insecure_loopback);

    // Which addresses a request to this URL may end at; failed_precondition if the URL may not be
    // asked at all.
    Result<Reach> check(const Url& url) const;

  private:
    AllowList manifest_;
    AllowList admin_;
    bool insecure_loopback_ = false;
};

// The POST paths that only read. An entry is a path below the setting base_url, if there is one, or
// a whole URL. A request matches by host, port and the very bytes of its path. Immutable after
// make(); any thread.
class ReadOnlyPosts {
  public:
    static Result<ReadOnlyPosts> make(const std::vector<std::string>& entries,
                                      const ConnectorValues& values);

    bool contains(const Url& url) const;

  private:
    struct Entry {
        std::string host_and_port;  // empty: any destination
        std::string path;
    };
    std::vector<Entry> entries_;
};

// Whether a request can change anything at the provider: all but GET, HEAD and the listed POSTs.
bool is_acting(std::string_view method, const Url& url, const ReadOnlyPosts& read_only_posts);

// Method, headers and body as a plugin gave them. Refuses other methods than GET, HEAD, POST, PUT,
// PATCH and DELETE, a body on GET or HEAD, header injection, headers that frame, route or
// re-dispatch a request, and, with `reserved_header` (lower case), the one that the credential
// profile sets.
Result<void> check_message(std::string_view method, const std::vector<Header>& headers,
                           std::string_view body, std::string_view reserved_header);

}  // namespace quell::egress
