// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/service.hpp"

#include <algorithm>

namespace quell::secrets {
namespace {

constexpr std::size_t kMostAtOnce = 20;

Error invalid_token() {
    return {Code::unauthenticated, "invalid_token", "Invalid or expired token"};
}

Error not_stored_here() {
    return {Code::unimplemented, "action_not_supported", "The backend of this resource keeps its versions itself."};
}

}  // namespace

Service::Service(Dependencies dependencies)
    : in_(std::move(dependencies)), gate_(in_.approvals, in_.trail, in_.log, in_.settings) {}

Result<ResourceUri> Service::resource_named(const TenantId& tenant, std::string_view name) const {
    const bool is_bare = name.find('/') == std::string_view::npos;
    const std::string environment = is_bare ? in_.settings(tenant)->secrets.default_environment : std::string();
    return ResourceUri::parse(full_resource_text(environment.empty() ? std::string(name) : environment + "/" + std::string(name)));
}

Result<std::shared_ptr<Backend>> Service::backend_of(const TenantId& tenant, const Source& source) const {
    if (source.is_built_in()) {
        return std::shared_ptr<Backend>(std::shared_ptr<void>(), &in_.built_in);
    }
    auto backend = in_.backends.find(tenant, source.connector);
    if (!backend) {
        return Error(Code::unavailable, "connector_unavailable",
                     "The secret backend `" + source.connector + "` is not enabled for your tenant, or its plugin does not run.")
            .next_step("Ask the administrator of this host.");
    }
    return backend;
}

// The way of every access: judged and recorded in one durable transaction, before anything is fetched.
base::Task<Permit> Service::pass(Access access, ResourceUri uri, Operation operation, std::string token) {
    auto work = [this, access = std::move(access), uri = std::move(uri), operation,
                 token = std::move(token)](store::Transaction& transaction) -> Result<Gate::Verdict> {
        if (token.empty()) {
            return gate_.judge(transaction, access, uri, operation);
        }
        TRY(const auto grant, in_.approvals.find_by_token(transaction, token));
        if (!grant) {
            return Gate::Verdict(invalid_token());
        }
        Access of_grant = access;
        of_grant.caller = {.tenant = grant->tenant, .id = grant->requester, .label = grant->requester_label, .client = {}, .scopes = {}};
        return gate_.judge_grant(transaction, of_grant, uri, *grant);
    };
    CO_TRY(Gate::Verdict verdict, co_await in_.store.write<Gate::Verdict>(std::move(work)));
    if (auto* const refused = std::get_if<Error>(&verdict)) {
        co_return std::move(*refused);
    }
    if (const auto* const waiting = std::get_if<approvals::Approval>(&verdict)) {
        co_return approval_required(*waiting, in_.public_url);
    }
    co_return std::get<Permit>(std::move(verdict));
}

base::Task<Reading> Service::read(Access access) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass(access, uri, Operation::read, {}));
    co_return co_await fetch(std::move(access), std::move(uri), std::move(permit));
}

base::Task<Reading> Service::read_with_token(std::string token, Access access) {
    CO_TRY(ResourceUri uri, ResourceUri::parse(access.resource));
    CO_TRY(Permit permit, co_await pass(access, uri, Operation::read, std::move(token)));
    access.caller.tenant = permit.grant->tenant;
    access.caller.id = permit.grant->requester;
    access.caller.label = permit.grant->requester_label;
    co_return co_await fetch(std::move(access), std::move(uri), std::move(permit));
}

base::Task<Reading> Service::fetch(Access access, ResourceUri uri, Permit permit) {
    const Source source = source_of(permit.rule, uri);
    auto backend = backend_of(access.caller.tenant, source);
    Result<Value> value = backend ? Result<Value>() : Result<Value>(backend.error());
    if (backend) {
        Location where{.tenant = access.caller.tenant, .path = source.path, .field = source.field, .actor = access.caller.id,
                       .trace = access.caller.trace,
                       .until = permit.grant ? std::optional(permit.grant->expires_at) : std::nullopt};
        value = co_await (*backend)->read(std::move(where));
    }
    if (!value) {
        co_await note_failure(std::move(access), std::move(uri), Operation::read, value.error());
        co_return value.error();
    }
    Reading reading{.uri = uri.text(),
                    .name = uri.name(),
                    .environment = uri.environment(),
                    .service = service_of(uri),
                    .value = std::move(value->text),
                    .version = std::move(value->version),
                    .accessed_at = permit.at,
                    .accesses = permit.accesses};
    if (permit.grant) {
        reading.approval_id = permit.grant->id;
        reading.until = permit.grant->expires_at;
    }
    const auto settings = in_.settings(access.caller.tenant);
    reading.value_in_result = permit.rule.value_in_result.value_or(settings->secrets.value_in_result);
    co_return reading;
}

// AP-07: it was allowed and could not be done.
base::Task<void> Service::note_failure(Access access, ResourceUri uri, Operation operation, Error error) {
    auto work = [this, access = std::move(access), uri = std::move(uri), operation,
                 key = error->key](store::Transaction& transaction) -> Result<void> {
        const audit::Record record{.tenant = access.caller.tenant,
                                   .event = "secret_failed",
                                   .actor = access.caller.id,
                                   .request_id = access.approval_id,
                                   .outcome = key,
                                   .detail = {{"resource", uri.text()}, {"operation", to_string(operation)}, {"by", access.caller.label}}};
        TRY_VOID(in_.trail.append(transaction, record));
        return in_.log.add(transaction, access, {.action = "operation_failed",
                                                 .resource = uri.text(),
                                                 .operation = "failure",
                                                 .approval_id = access.approval_id,
                                                 .outcome = key});
    };
    co_return co_await in_.store.write<void>(std::move(work));
}

base::Task<Permit> Service::pass_operator(Access access, ResourceUri uri) {
    auto work = [this, access = std::move(access), uri = std::move(uri)](store::Transaction& transaction) {
        return gate_.pass_operator(transaction, access, uri);
    };
    co_return co_await in_.store.write<Permit>(std::move(work));
}

base::Task<std::string> Service::put(Access access, ResourceUri uri, Permit permit, std::optional<SecretString> value) {
    const Source source = source_of(permit.rule, uri);
    auto backend = backend_of(access.caller.tenant, source);
    Result<Written> written = backend ? Result<Written>() : Result<Written>(backend.error());
    if (backend) {
        Location where{.tenant = access.caller.tenant, .path = source.path, .field = source.field, .actor = access.caller.id,
                       .trace = access.caller.trace};
        auto writing = value ? (*backend)->write(std::move(where), *std::move(value)) : (*backend)->rotate(std::move(where));
        written = co_await std::move(writing);
    }
    if (!written) {
        co_await note_failure(std::move(access), std::move(uri), Operation::write, written.error());
        co_return written.error();
    }
    co_return written->version;
}

base::Task<std::string> Service::set_version(Access access, ResourceUri uri, Permit permit, std::int64_t version) {
    if (!source_of(permit.rule, uri).is_built_in()) {
        co_return not_stored_here();
    }
    auto work = [this, tenant = access.caller.tenant, name = uri.text(), version](store::Transaction& transaction) {
        return store::set_secret_version(transaction, tenant, name, version, in_.approvals.now());
    };
    CO_TRY(const bool is_there, co_await in_.store.write<bool>(std::move(work)));
    if (!is_there) {
        co_return Error(Code::not_found, "secret_not_found", "This secret has no such version.");
    }
    co_return std::to_string(version);
}

base::Task<void> Service::erase(Access access, ResourceUri uri, Permit permit) {
    if (!source_of(permit.rule, uri).is_built_in()) {
        co_return not_stored_here();
    }
    auto work = [tenant = access.caller.tenant, name = uri.text()](store::Transaction& transaction) {
        return store::delete_secret(transaction, tenant, name);
    };
    CO_TRY(const bool was_there, co_await in_.store.write<bool>(std::move(work)));
    co_return was_there ? Result<void>() : Result<void>(Error(Code::not_found, "secret_not_found", "There is no such secret."));
}

base::Task<std::string> Service::write(Access access, SecretString value) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass(access, uri, Operation::write, {}));
    std::optional<SecretString> given(std::move(value));
    co_return co_await put(std::move(access), std::move(uri), std::move(permit), std::move(given));
}

base::Task<std::string> Service::rotate(Access access) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass(access, uri, Operation::write, {}));
    co_return co_await put(std::move(access), std::move(uri), std::move(permit), std::nullopt);
}

base::Task<std::string> Service::roll_back(Access access, std::int64_t version) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass(access, uri, Operation::write, {}));
    co_return co_await set_version(std::move(access), std::move(uri), std::move(permit), version);
}

base::Task<void> Service::remove(Access access) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass(access, uri, Operation::write, {}));
    co_return co_await erase(std::move(access), std::move(uri), std::move(permit));
}

base::Task<std::string> Service::put_by_operator(Access access, std::optional<SecretString> value) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass_operator(access, uri));
    co_return co_await put(std::move(access), std::move(uri), std::move(permit), std::move(value));
}

base::Task<std::string> Service::roll_back_by_operator(Access access, std::int64_t version) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass_operator(access, uri));
    co_return co_await set_version(std::move(access), std::move(uri), std::move(permit), version);
}

base::Task<void> Service::remove_by_operator(Access access) {
    CO_TRY(ResourceUri uri, resource_named(access.caller.tenant, access.resource));
    CO_TRY(Permit permit, co_await pass_operator(access, uri));
    co_return co_await erase(std::move(access), std::move(uri), std::move(permit));
}

base::Task<std::vector<Result<approvals::Approval>>> Service::ask(Access access, std::vector<std::string> resources, Operation operation) {
    if (resources.empty() || resources.size() > kMostAtOnce) {
        co_return invalid_arguments("Ask for 1 to 20 resources at once.");
    }
    std::vector<Result<approvals::Approval>> answers;
    for (const std::string& name : resources) {
        auto uri = resource_named(access.caller.tenant, name);
        if (!uri) {
            answers.emplace_back(uri.error());
            continue;
        }
        auto work = [this, access, uri = *std::move(uri), operation](store::Transaction& transaction) {
            return gate_.ask(transaction, access, uri, operation);
        };
        answers.push_back(co_await in_.store.write<approvals::Approval>(std::move(work)));
    }
    co_return answers;
}

bool Service::has_rules(const TenantId& tenant) const {
    if (!in_.settings(tenant)->secrets.rules.empty()) {
        return true;
    }
    const auto stored = in_.store.read([&](store::Reader& reader) { return store::list_secret_rules(reader, tenant); });
    return stored && !stored->empty();
}

Result<std::vector<Resource>> Service::list(const TenantId& tenant) const {
    return in_.store.read([&](store::Reader& reader) -> Result<std::vector<Resource>> {
        const auto settings = in_.settings(tenant);
        TRY(const auto rules, rules_of(reader, tenant, settings->secrets, settings->approvals));
        TRY(const auto stored, store::list_secrets(reader, tenant));
        std::vector<Resource> found;
        for (const config::SecretRule& rule : rules) {
            found.push_back({rule.pattern.text(), !rule.pattern.is_single(), rule, {}});
        }
        for (const store::SecretRow& row : stored) {
            TRY(const ResourceUri uri, ResourceUri::parse(row.uri));
            const auto same = std::find_if(found.begin(), found.end(), [&](const Resource& one) { return one.uri == row.uri; });
            if (same != found.end()) {
                same->stored = row;
            } else if (const config::SecretRule* const rule = find_rule(rules, uri)) {
                found.push_back({row.uri, false, *rule, row});
            }
        }
        return found;
    });
}

Result<Resource> Service::describe(const TenantId& tenant, std::string_view resource) const {
    TRY(const ResourceUri uri, resource_named(tenant, resource));
    return in_.store.read([&](store::Reader& reader) -> Result<Resource> {
        TRY(config::SecretRule rule, gate_.rule_for(reader, tenant, uri));
        TRY(auto stored, store::find_secret(reader, tenant, uri.text()));
        return Resource{uri.text(), false, std::move(rule), std::move(stored)};
    });
}

Result<std::int64_t> Service::expire(store::Transaction& transaction, std::int64_t limit) const {
    return store::delete_expired_wrapped(transaction, in_.approvals.now(), limit);
}

}  // namespace quell::secrets
