// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "revocation/account_actor.hpp"

#include "policy/switches.hpp"

namespace quell::revocation {
namespace {

orders::Report as_report(plugins::AccountOutcome outcome) {
    return {.provider_id = std::move(outcome.provider_user_id),
            .state = outcome.confirmed ? orders::State::confirmed : orders::State::failed,
            .changed = {},
            .outcome = orders::parse_outcome(outcome.outcome),
            .continuation = {},
            .poll_after = {},
            .error = std::move(outcome.error),
            .result_metadata = std::move(outcome.result_metadata)};
}

Error changed_since(const orders::Batch& batch) {
    Error error(Code::failed_precondition, "user_not_found",
                "The host was restarted before this was sent, and `" + batch.connector.str() +
                    "` does not show the same account any more. Nothing was done.");
    return std::move(error).next_step("Order again if it is still wanted.");
}

}  // namespace

std::size_t AccountActor::max_batch(const TenantId& tenant, const ConnectorKey& connector, std::string_view) const {
    const auto profiles = connectors_.enabled(tenant);
    const auto found = std::ranges::find(profiles, connector, &Profile::key);
    return found == profiles.end() ? 1 : found->max_batch;
}

base::Task<std::vector<orders::Report>> AccountActor::apply(orders::Batch batch, BeforeActing before,
                                                            AfterRequest after, std::stop_token cancel) {
    plugins::Revocation order{.user_ids = {}, .reason = batch.reason, .request_id = batch.request.str()};
    for (const orders::Target& target : batch.targets) {
        order.user_ids.push_back(target.provider_id);
    }
    plugins::CallOptions options;
    options.read_only = false;
    options.request_id = batch.request.str();
    options.trace = batch.trace;
    options.before_acting_request = std::move(before);
    options.request_finished = std::move(after);
    options.cancel = std::move(cancel);
    CO_TRY(auto outcomes,
           co_await connectors_.revoke(batch.tenant, batch.connector, std::move(order), std::move(options)));
    std::vector<orders::Report> reports;
    for (plugins::AccountOutcome& outcome : outcomes) {
        reports.push_back(as_report(std::move(outcome)));
    }
    co_return reports;
}

base::Task<std::vector<orders::Report>> AccountActor::poll(orders::Batch, std::stop_token) {
    co_return Error(Code::unimplemented, "action_not_supported", "Revoked sessions cannot be read back.");
}

base::Task<void> AccountActor::check_unchanged(orders::Batch batch, std::stop_token cancel) {
    const auto tenant = settings_.tenants.find(batch.tenant);
    if (tenant == settings_.tenants.end()) {
        co_return changed_since(batch);
    }
    // The switch counts again: what was turned off while the host was down is not sent now.
    CO_TRY_VOID(policy::check_switches(tenant->second.session_revocation, policy::Entry::cli));
    const orders::Target& target = batch.targets.front();
    plugins::CallOptions options;
    options.cancel = std::move(cancel);
    CO_TRY(const auto accounts, co_await connectors_.resolve(batch.tenant, batch.connector,
                                                             target.name.value_or(""), std::move(options)));
    const bool is_same = accounts.size() == 1 && accounts.front().provider_user_id == target.provider_id;
    co_return is_same ? Result<void>() : changed_since(batch);
}

}  // namespace quell::revocation
