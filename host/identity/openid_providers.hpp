// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/task.hpp"
#include "crypto/jwk.hpp"
#include "egress/http_message.hpp"
#include "identity/lifetimes.hpp"
#include "identity/openid_metadata.hpp"
#include "identity/throttle.hpp"

namespace quell::identity {

// A tenant's provider, held while it is used: a reload makes others.
using OpenIdClient = std::shared_ptr<const config::OpenIdSettings>;
// Sends under the rules of egress::DocumentFetcher.
using SendToProvider = std::function<base::Task<egress::HttpResponse>(egress::HttpRequest request,
                                                                      bool allow_insecure_loopback)>;

// openid_provider_unavailable unless it is 200: what else a provider says stays in the log.
Result<std::string> body_of_provider(Result<egress::HttpResponse> response, std::string_view what);

// What the providers publish: their descriptions and keys, fetched when asked for and remembered as long as the HTTP
// headers allow (at most a day; five minutes if they say nothing), failures never. Any I/O thread.
class OpenIdProviders {
  public:
    using Keys = std::shared_ptr<const crypto::KeySet>;

    explicit OpenIdProviders(SendToProvider send, Now now = wall_now);

    // openid_provider_unavailable, openid_provider_misconfigured.
    base::Task<OpenIdMetadata> describe(OpenIdClient client);
    // The keys that the provider has now. For a key that is not among those remembered they are fetched again, so that
    // a rotation is followed, but not so often that tokens with invented ids make us a nuisance.
    base::Task<Keys> keys(OpenIdClient client, OpenIdMetadata metadata, std::string key_id);

    base::Task<egress::HttpResponse> send(OpenIdClient client, egress::HttpRequest request);

  private:
    template <class T>
    struct Remembered {
        T value;
        WallTime fresh_until{};
    };
    template <class T>
    using Memory = std::unordered_map<std::string, Remembered<T>>;

    template <class T>
    std::optional<T> recall(const Memory<T>& memory, const std::string& name) const;
    template <class T>
    void remember(Memory<T>& memory, const std::string& name, T value, const egress::HttpResponse& response);
    base::Task<Keys> fetch_keys(OpenIdClient client, OpenIdMetadata metadata);

    SendToProvider send_;
    Now now_;
    Throttle refetches_;
    mutable std::mutex mutex_;  // guards both memories
    Memory<OpenIdMetadata> descriptions_;
    Memory<Keys> keys_;
};

}  // namespace quell::identity
