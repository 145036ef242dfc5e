// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/task.hpp"
#include "config/settings.hpp"
#include "egress/http_message.hpp"
#include "identity/clients.hpp"
#include "identity/lifetimes.hpp"

namespace quell::identity {

// Clients by the address of their metadata document: fetched when asked for, remembered as long as the answer's HTTP
// headers allow (at most a day; five minutes if they say nothing), refusals never (DC-04). Bounded; any I/O thread.
// Nothing is stored: that is done with a person's consent.
class MetadataDocuments {
  public:
    // Fetches with the rules of egress::DocumentFetcher.
    using Fetch = std::function<base::Task<egress::HttpResponse>(egress::Url url, bool allow_insecure_loopback)>;

    explicit MetadataDocuments(Fetch fetch, Now now = wall_now) : fetch_(std::move(fetch)), now_(std::move(now)) {}

    // invalid_client with the reason if there is no sound document there now.
    base::Task<Client> find(std::string client_id, config::MetadataDocumentSettings rules);

  private:
    struct Remembered {
        Client client;
        WallTime fresh_until{};
    };

    std::optional<Client> recall(const std::string& client_id) const;
    void remember(const Client& client, const egress::HttpResponse& response);

    Fetch fetch_;
    Now now_;
    mutable std::mutex mutex_;  // guards remembered_
    std::unordered_map<std::string, Remembered> remembered_;
};

}  // namespace quell::identity
