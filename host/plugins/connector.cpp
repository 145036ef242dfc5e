// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/connector.hpp"

#include <future>

#include "egress/connector_http.hpp"

namespace quell::plugins {
namespace {

class BlockingJob : public Job {
  public:
    using Job::Job;
    Result<json::Value> wait() { return promise_.get_future().get(); }

  protected:
    // Copied out of the worker's arena.
    void deliver(Result<json::Value> result) override {
        if (result) {
            promise_.set_value(json::Value(*result, json::Storage()));
        } else {
            promise_.set_value(std::move(result).error());
        }
    }

  private:
    std::promise<Result<json::Value>> promise_;
};

std::vector<std::string> narrow(const Manifest& manifest, const std::optional<std::vector<std::string>>& wanted) {
    std::vector<std::string> actions;
    if (manifest.device_containment) {
        for (const std::string& action : manifest.device_containment->actions) {
            if (!wanted || std::find(wanted->begin(), wanted->end(), action) != wanted->end()) {
                actions.push_back(action);
            }
        }
    }
    return actions;
}

std::vector<std::string> offered(const Manifest& manifest, const json::Object& settings) {
    std::vector<std::string> capabilities;
    for (const std::string& capability : manifest.capabilities) {
        if (manifest.offers(capability, settings)) {
            capabilities.push_back(capability);
        }
    }
    return capabilities;
}

const Manifest& no_manifest() {
    static const Manifest none;
    return none;
}

}  // namespace

Connector::Connector(TenantId tenant, config::ConnectorSettings settings, std::shared_ptr<Plugin> plugin,
                     Instance* instance, std::optional<Error> problem)
    : tenant_(std::move(tenant)),
      key_(std::move(settings.key)),
      plugin_id_(std::move(settings.plugin)),
      plugin_(std::move(plugin)),
      instance_(instance),
      problem_(std::move(problem)),
      actions_(narrow(manifest(), settings.actions)),
      capabilities_(offered(manifest(), settings.settings)) {}

const Manifest& Connector::manifest() const { return plugin_ ? plugin_->manifest() : no_manifest(); }

egress::CircuitBreaker::State Connector::breaker() const {
    const auto http = instance_ != nullptr ? instance_->http.get() : nullptr;
    return http ? http->breaker() : egress::CircuitBreaker::State::closed;
}

std::optional<Error> Connector::present_problem() const {
    if (problem_) {
        return problem_;
    }
    return instance_->http.get() ? std::nullopt : std::optional(instance_->http.closed_because());
}

bool Connector::offers(std::string_view capability) const {
    return std::find(capabilities_.begin(), capabilities_.end(), capability) != capabilities_.end();
}

bool Connector::allows(std::string_view action) const {
    return std::find(actions_.begin(), actions_.end(), action) != actions_.end();
}

Result<const Method*> Connector::callable(std::string_view capability, std::string_view method) const {
    if (auto problem = present_problem()) {
        return *std::move(problem);
    }
    const Method* known = known_method(capability, method);
    if (known == nullptr || !offers(capability)) {
        return Error(Code::unimplemented, "action_not_supported", "The connector's plugin does not offer this.");
    }
    return known;
}

CallSetup Connector::setup(const Method& method, std::string request, CallOptions options) const {
    const Deadline latest = std::chrono::steady_clock::now() + plugin_->settings().limits.call_timeout;
    options.deadline = options.deadline == Deadline{} ? latest : std::min(options.deadline, latest);
    return {.instance = *instance_,
            .capability = method.capability,
            .method = method.name,
            .request = std::move(request),
            .options = std::move(options)};
}

bool Connector::add(std::shared_ptr<Job> job) const {
    job->follow(job->call.options.cancel);
    return plugin_->add(std::move(job));
}

Result<json::Value> Connector::call_and_wait(std::string_view capability, std::string_view method, std::string request,
                                             CallOptions options) const {
    TRY(const Method* known, callable(capability, method));
    const auto job = std::make_shared<BlockingJob>(setup(*known, std::move(request), std::move(options)), *known, plugin_);
    job->follow(job->call.options.cancel);
    plugin_->submit(job);
    return job->wait();
}

}  // namespace quell::plugins
