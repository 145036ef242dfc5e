// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/setting_secrets.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "json/serialize.hpp"
#include "plugins/outcome.hpp"

namespace quell::plugins {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReadWithin{5};        // PLUGIN-ABI.md 2.5
constexpr std::chrono::seconds kEndWithin{1};
constexpr std::chrono::seconds kStartWithin{10};
constexpr std::chrono::minutes kLookAgain{5};         // what has no lease may be rotated behind our back
constexpr std::chrono::seconds kFirstPause{2};
constexpr std::chrono::seconds kLongestPause{60};
constexpr std::chrono::seconds kBetweenRefusals{5};  // a wrong secret must not make us ask all the time

std::string to_text(const config::BackendSecret& where) { return where.connector + ":" + where.path + "#" + where.field; }

CallOptions options_for(std::chrono::seconds time, std::stop_token cancel = {}) {
    CallOptions options;
    options.deadline = Clock::now() + time;
    options.cancel = std::move(cancel);
    options.before_acting_request = [] { return Result<void>(); };
    return options;
}

std::chrono::seconds pause_after(unsigned failures) {
    return std::min(kLongestPause, kFirstPause * (1 << std::min(failures, 5U)));
}

// What the callers of the connector are told.
Error cannot_be_had(const Error& why, const SecretReference& reference) {
    const bool passes = why->code == Code::unavailable || why->code == Code::deadline_exceeded ||
                        why->code == Code::resource_exhausted || why->code == Code::cancelled;
    Error error(passes ? Code::unavailable : Code::failed_precondition,
                passes ? "connector_unavailable" : "connector_misconfigured",
                "A secret of the connector's settings cannot be had: " + why->message);
    error = std::move(error).next_step(why->next_step).detail("setting " + reference.setting + ", " + to_text(reference.where));
    return passes ? std::move(error).retryable() : error;
}

bool same(const FetchedSecrets& left, const FetchedSecrets& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const auto& a, const auto& b) {
        return a.first == b.first && a.second.reveal() == b.second.reveal();
    });
}

Error no_such_field(const config::BackendSecret& where) {
    return Error(Code::not_found, "secret_not_found", "The secret has no field `" + where.field + "`.");
}

}  // namespace

void SettingSecrets::add(Dependent dependent) {
    Instance* const instance = dependent.instance;
    instance->http.close(Error(Code::unavailable, "connector_unavailable",
                               "The secrets of the connector's settings are being fetched.").retryable(1));
    instance->credentials_refused = [this, instance] { note_refusal(instance); };
    auto entry = std::make_unique<Entry>();
    entry->dependent = std::move(dependent);
    // Before the first one that needs it.
    const auto needs = [&](const std::unique_ptr<Entry>& other) {
        return other->dependent.tenant == entry->dependent.tenant &&
               std::any_of(other->dependent.references.begin(), other->dependent.references.end(), [&](const auto& reference) {
                   return reference.where.connector == entry->dependent.settings.key.str();
               });
    };
    entries_.insert(std::find_if(entries_.begin(), entries_.end(), needs), std::move(entry));
}

void SettingSecrets::start() {
    if (entries_.empty()) {
        return;
    }
    thread_ = std::jthread([this](const std::stop_token& stopping) { run(stopping); });
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, kStartWithin, [this] { return tried_all_; });
}

void SettingSecrets::stop() {
    if (!thread_.joinable()) {
        return;
    }
    thread_.request_stop();
    thread_.join();
    for (const auto& entry : entries_) {
        for (const Lease& lease : entry->leases) {
            if (const auto ended = revoke_lease_and_wait(*lease.backend, lease.lease.id, options_for(kEndWithin)); !ended) {
                log::warn("lease_not_revoked", {{"tenant", entry->dependent.tenant.str()},
                                                {"connector", entry->dependent.settings.key.str()},
                                                {"reason", ended.error()->message}});
                return;  // the backend is gone; the leases end by themselves
            }
        }
    }
}

void SettingSecrets::changed(const TenantId& tenant, const ConnectorKey& backend) {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries_) {
        const auto& references = entry->dependent.references;
        const bool depends = std::any_of(references.begin(), references.end(), [&](const SecretReference& reference) {
            return reference.where.connector == backend.str();
        });
        if (depends && entry->dependent.tenant == tenant) {
            entry->next = {};
            entry->anew = true;
        }
    }
    wake_.notify_all();
}

void SettingSecrets::note_refusal(const Instance* instance) {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries_) {
        if (entry->dependent.instance == instance && Clock::now() - entry->looked > kBetweenRefusals) {
            entry->next = {};
        }
    }
    wake_.notify_all();
}

void SettingSecrets::run(const std::stop_token& stopping) {
    const auto earlier = [](const auto& left, const auto& right) { return left->next < right->next; };
    for (const auto& entry : entries_) {
        look_after(*entry);
    }
    std::unique_lock lock(mutex_);
    tried_all_ = true;
    wake_.notify_all();
    while (!stopping.stop_requested()) {
        const auto& first = *std::min_element(entries_.begin(), entries_.end(), earlier);
        const Time until = first->next;
        if (until > Clock::now()) {
            wake_.wait_until(lock, stopping, until, [&] {
                return (*std::min_element(entries_.begin(), entries_.end(), earlier))->next < until;
            });
            continue;
        }
        Entry& due = *first;
        lock.unlock();
        look_after(due);
        lock.lock();
    }
}

void SettingSecrets::look_after(Entry& entry) {
    const Time now = Clock::now();
    std::vector<Lease> leases;
    std::vector<SettingSecretUse> uses;
    Time next = now + kLookAgain;
    if (take_anew(entry) || !prolong(entry)) {
        auto values = fetch(entry, leases, uses);
        const auto opened = values ? open(entry, *std::move(values)) : Result<void>(values.error());
        const bool was_open = entry.dependent.instance->http.get() != nullptr;
        if (opened) {
            const std::lock_guard lock(mutex_);
            entry.leases = std::move(leases);
            entry.failures = 0;
            entry.expires = Time::max();
        } else {
            // What was fetched before serves as long as it lives.
            if (!was_open || now >= entry.expires) {
                entry.dependent.instance->http.close(opened.error());
            }
            next = now + pause_after(entry.failures++);
        }
        tell(entry, std::move(uses), opened ? "" : opened.error()->message);
    }
    const std::lock_guard lock(mutex_);
    entry.looked = now;
    for (const Lease& lease : entry.leases) {
        entry.expires = std::min(entry.expires, now + lease.lease.ttl);
        next = std::min(next, now + lease.lease.ttl * 2 / 3);
    }
    entry.next = std::max(next, now + std::chrono::seconds(1));
}

bool SettingSecrets::take_anew(Entry& entry) {
    const std::lock_guard lock(mutex_);
    return std::exchange(entry.anew, false);
}

// True if every lease lives on for at least half of what it had.
bool SettingSecrets::prolong(Entry& entry) {
    if (entry.leases.empty()) {
        return false;
    }
    Time expires = Time::max();
    for (Lease& lease : entry.leases) {
        if (!lease.lease.renewable) {
            return false;
        }
        const auto renewed = renew_lease_and_wait(*lease.backend, lease.lease.id, options_for(kReadWithin, thread_.get_stop_token()));
        if (!renewed || !*renewed || (*renewed)->ttl < lease.lease.ttl / 2) {
            return false;
        }
        expires = std::min(expires, Clock::now() + (*renewed)->ttl);
    }
    entry.expires = expires;
    return true;
}

Result<SecretContent> SettingSecrets::read(const Dependent& dependent, std::size_t reference) {
    const std::string& path = dependent.references[reference].where.path;
    const Connector* backend = dependent.backends[reference];
    if (backend != nullptr) {
        return read_secret_and_wait(*backend, {.path = path}, options_for(kReadWithin, thread_.get_stop_token()));
    }
    if (!services_.built_in) {
        return Error(Code::unavailable, "connector_unavailable", "The host's own store of secrets is not there.");
    }
    return services_.built_in(dependent.tenant, path);
}

// Fields of one path come from one read: two reads of a dynamic secret would be two secrets.
Result<FetchedSecrets> SettingSecrets::fetch(Entry& entry, std::vector<Lease>& leases, std::vector<SettingSecretUse>& uses) {
    const Dependent& dependent = entry.dependent;
    FetchedSecrets values;
    std::map<std::string, SecretContent> contents;
    for (std::size_t i = 0; i < dependent.references.size(); ++i) {
        const SecretReference& reference = dependent.references[i];
        const std::string source = reference.where.connector + ":" + reference.where.path;
        SettingSecretUse use{dependent.tenant, dependent.settings.key, reference.setting, to_text(reference.where)};
        if (!contents.contains(source)) {
            auto content = read(dependent, i);
            if (!content) {
                use.error = content.error();
                uses.push_back(std::move(use));
                return cannot_be_had(content.error(), reference);
            }
            if (content->lease) {
                leases.push_back({dependent.backends[i], *content->lease});
            }
            contents.emplace(source, *std::move(content));
        }
        const SecretContent& content = contents.at(source);
        const SecretString* value = content.find(reference.where.field);
        if (value == nullptr) {
            use.error = no_such_field(reference.where);
            uses.push_back(use);
            return cannot_be_had(*use.error, reference);
        }
        use.version = content.version;
        uses.push_back(std::move(use));
        values.emplace(reference.setting, value->copy());
    }
    return values;
}

// The same values leave the way out as it is, with its tokens.
Result<void> SettingSecrets::open(Entry& entry, FetchedSecrets values) {
    const Dependent& dependent = entry.dependent;
    Instance& instance = *dependent.instance;
    const bool first = entry.values.empty();
    if (instance.http.get() != nullptr && same(values, entry.values)) {
        return {};
    }
    const Manifest& manifest = dependent.plugin->manifest();
    TRY(auto options, read_http_options(dependent.settings, dependent.plugin->settings(), manifest, values));
    TRY(auto http, egress::ConnectorHttp::make(services_.http, std::move(options)));
    if (first) {
        TRY(const json::Object config, read_config(dependent.settings, dependent.plugin->settings(), manifest, values));
        instance.config = json::serialize(config);  // no call has been made yet
    } else if (!manifest.raw_secrets.empty()) {
        log::warn("secret_needs_reload", {{"tenant", dependent.tenant.str()}, {"connector", dependent.settings.key.str()}});
    }
    instance.http.open(std::move(http));
    entry.values = std::move(values);
    entry.is_news = true;
    return {};
}

// Once for each change: of a value, or of what goes wrong.
void SettingSecrets::tell(Entry& entry, std::vector<SettingSecretUse> uses, const std::string& outcome) {
    const bool same_as_before = outcome == entry.last_outcome && !std::exchange(entry.is_news, false);
    entry.last_outcome = outcome;
    if (same_as_before) {
        return;
    }
    for (const SettingSecretUse& use : uses) {
        log::Fields fields = {{"tenant", use.tenant.str()}, {"connector", use.connector.str()}, {"setting", use.setting},
                              {"reference", use.reference}};
        if (use.error) {
            fields["reason"] = (*use.error)->message;
            log::error("setting_secret_not_available", std::move(fields));
        } else {
            log::info("setting_secret_fetched", std::move(fields));
        }
        if (services_.used) {
            services_.used(use);
        }
    }
}

}  // namespace quell::plugins
