// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "mcp/owner.hpp"
#include "mcp/session.hpp"

namespace quell::mcp {

// The sessions of the older era, in shards with a mutex each. Not stored: after a restart a client gets 404 and initializes
// again, as the protocol means it. One that is not used for an hour, and holds no stream, ends; where an owner or the host
// has too many, the one that was not used for the longest time does, and an owner's own first. Any thread.
class Sessions {
  public:
    std::shared_ptr<Session> open(identity::Principal owner, std::string version, json::Object capabilities);
    // Null for one that does not exist, has ended or belongs to another principal: nobody may tell which (MC-04).
    std::shared_ptr<Session> find(std::string_view id, const identity::Principal& caller);
    void end(const std::shared_ptr<Session>& session);

    std::vector<std::shared_ptr<Session>> of_tenant(const TenantId& tenant) const;
    std::size_t count() const;

    static constexpr std::size_t kMostOfOne = 1'000;

  private:
    using List = std::vector<std::shared_ptr<Session>>;
    static constexpr std::size_t kMostInShard = 1'250;  // 20,000 in all
    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, std::shared_ptr<Session>> sessions;
    };

    Shard& shard_of(std::string_view id);
    // What has to go from the shard; ended by the caller, without the mutex.
    static List take_old(Shard& shard, std::chrono::steady_clock::time_point now);
    void drop(const std::shared_ptr<Session>& session);
    // What has to go from the owner's, so that this one has its place; may be null.
    std::shared_ptr<Session> own(const std::shared_ptr<Session>& session);
    void disown(const std::shared_ptr<Session>& session);

    std::array<Shard, 16> shards_;
    std::mutex owners_mutex_;  // guards what follows; held alone
    std::map<Owner, List> owners_;
};

}  // namespace quell::mcp
