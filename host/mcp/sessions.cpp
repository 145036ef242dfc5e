// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/sessions.hpp"

#include <algorithm>
#include <utility>

#include "base/random.hpp"

namespace quell::mcp {
namespace {

constexpr std::chrono::hours kUnusedFor{1};
constexpr std::size_t kIdLength = 43;  // of random_token()

}  // namespace

Sessions::Shard& Sessions::shard_of(std::string_view id) { return shards_[std::hash<std::string_view>()(id) % shards_.size()]; }

Sessions::List Sessions::take_old(Shard& shard, std::chrono::steady_clock::time_point now) {
    List old;
    std::erase_if(shard.sessions, [&](const auto& entry) {
        const bool goes = entry.second->used_at() + kUnusedFor < now && !entry.second->standalone().has_client();
        if (goes) {
            old.push_back(entry.second);
        }
        return goes;
    });
    if (old.empty() && shard.sessions.size() >= kMostInShard) {
        const auto oldest = std::min_element(shard.sessions.begin(), shard.sessions.end(), [](const auto& a, const auto& b) {
            return a.second->used_at() < b.second->used_at();
        });
        old.push_back(oldest->second);
        shard.sessions.erase(oldest);
    }
    return old;
}

std::shared_ptr<Session> Sessions::open(identity::Principal owner, std::string version, json::Object capabilities) {
    auto session = std::make_shared<Session>(Session::Setup{.id = random_token(),
                                                            .owner = std::move(owner),
                                                            .version = std::move(version),
                                                            .capabilities = std::move(capabilities)});
    if (const auto replaced = own(session)) {
        drop(replaced);
        replaced->end();
    }
    Shard& shard = shard_of(session->id());
    List old;
    {
        const std::lock_guard lock(shard.mutex);
        // Looking at all is for a full shard, and now and then.
        if (shard.sessions.size() >= kMostInShard || shard.sessions.size() % 64 == 63) {
            old = take_old(shard, session->used_at());
        }
        shard.sessions.emplace(session->id(), session);
    }
    for (const auto& gone : old) {
        disown(gone);
        gone->end();
    }
    return session;
}

std::shared_ptr<Session> Sessions::own(const std::shared_ptr<Session>& session) {
    const std::lock_guard lock(owners_mutex_);
    List& own = owners_[session->owner()];
    std::shared_ptr<Session> replaced;
    if (own.size() >= kMostOfOne) {
        const auto oldest = std::min_element(own.begin(), own.end(), [](const auto& a, const auto& b) { return a->used_at() < b->used_at(); });
        replaced = std::exchange(*oldest, own.back());
        own.pop_back();
    }
    own.push_back(session);
    return replaced;
}

void Sessions::disown(const std::shared_ptr<Session>& session) {
    const std::lock_guard lock(owners_mutex_);
    const auto found = owners_.find(session->owner());
    if (found != owners_.end() && std::erase(found->second, session) > 0 && found->second.empty()) {
        owners_.erase(found);
    }
}

std::shared_ptr<Session> Sessions::find(std::string_view id, const identity::Principal& caller) {
    if (id.size() != kIdLength) {
        return nullptr;
    }
    std::shared_ptr<Session> session;
    Shard& shard = shard_of(id);
    {
        const std::lock_guard lock(shard.mutex);
        const auto found = shard.sessions.find(std::string(id));
        session = found == shard.sessions.end() ? nullptr : found->second;
    }
    if (!session || !session->belongs_to(caller)) {
        return nullptr;
    }
    session->touch(std::chrono::steady_clock::now());
    return session;
}

void Sessions::drop(const std::shared_ptr<Session>& session) {
    Shard& shard = shard_of(session->id());
    const std::lock_guard lock(shard.mutex);
    shard.sessions.erase(session->id());
}

void Sessions::end(const std::shared_ptr<Session>& session) {
    drop(session);
    disown(session);
    session->end();
}

Sessions::List Sessions::of_tenant(const TenantId& tenant) const {
    List found;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        for (const auto& [id, session] : shard.sessions) {
            if (session->tenant() == tenant) {
                found.push_back(session);
            }
        }
    }
    return found;
}

std::size_t Sessions::count() const {
    std::size_t count = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        count += shard.sessions.size();
    }
    return count;
}

}  // namespace quell::mcp
