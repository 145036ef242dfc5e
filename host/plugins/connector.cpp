// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/connector.hpp"

#include <future>

#include "egress/connector_http.hpp"
#include "json/serialize.hpp"

namespace quell::plugins {
namespace {

namespace asio = boost::asio;

// A job whose answer resumes a coroutine on the io_context that it runs on.
template <class Handler>
class AsyncJob : public Job {
  public:
    AsyncJob(CallSetup setup, const Method& known, std::shared_ptr<void> plugin, Handler handler)
        : Job(std::move(setup), known, std::move(plugin)),
          work_(asio::make_work_guard(handler)),
          handler_(std::move(handler)) {}

  protected:
    void deliver(Result<json::Value> result) override {
        const auto executor = work_.get_executor();
        asio::post(executor, [handler = std::move(handler_), held = std::move(result)]() mutable {
            handler(std::move(held));
        });
        work_.reset();
    }

  private:
    asio::executor_work_guard<asio::associated_executor_t<Handler>> work_;
    Handler handler_;
};

class BlockingJob : public Job {
  public:
    using Job::Job;
    Result<json::Value> wait() { return promise_.get_future().get(); }

  protected:
    void deliver(Result<json::Value> result) override { promise_.set_value(std::move(result)); }

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
      actions_(narrow(manifest(), settings.actions)) {}

const Manifest& Connector::manifest() const { return plugin_ ? plugin_->manifest() : no_manifest(); }

egress::CircuitBreaker::State Connector::breaker() const {
    return instance_ != nullptr ? instance_->http->breaker() : egress::CircuitBreaker::State::closed;
}

bool Connector::allows(std::string_view action) const {
    return std::find(actions_.begin(), actions_.end(), action) != actions_.end();
}

Result<const Method*> Connector::callable(std::string_view capability, std::string_view method) const {
    if (problem_) {
        return *problem_;
    }
    const Method* known = known_method(capability, method);
    if (known == nullptr || !offers(capability)) {
        return Error(Code::unimplemented, "action_not_supported", "The connector's plugin does not offer this.");
    }
    return known;
}

CallSetup Connector::setup(const Method& method, const json::Value& request, CallOptions options) const {
    const Deadline latest = std::chrono::steady_clock::now() + plugin_->settings().limits.call_timeout;
    options.deadline = options.deadline == Deadline{} ? latest : std::min(options.deadline, latest);
    return {.instance = *instance_,
            .capability = method.capability,
            .method = method.name,
            .request = json::serialize(request),
            .options = std::move(options)};
}

void Connector::submit(std::shared_ptr<Job> job, const std::stop_token& caller) const {
    job->follow(caller);
    plugin_->submit(std::move(job));
}

base::Task<json::Value> Connector::call(std::string_view capability, std::string_view method, json::Value request,
                                        CallOptions options) const {
    CO_TRY(const Method* known, callable(capability, method));
    const std::stop_token caller = options.cancel;
    CallSetup prepared = setup(*known, request, std::move(options));
    base::UseTask token;
    co_return co_await asio::async_initiate<base::UseTask, void(Result<json::Value>)>(
        [&](auto handler) {
            submit(std::make_shared<AsyncJob<decltype(handler)>>(std::move(prepared), *known, plugin_,
                                                                 std::move(handler)),
                   caller);
        },
        token);
}

Result<json::Value> Connector::call_and_wait(std::string_view capability, std::string_view method, json::Value request,
                                             CallOptions options) const {
    TRY(const Method* known, callable(capability, method));
    const std::stop_token caller = options.cancel;
    const auto job = std::make_shared<BlockingJob>(setup(*known, request, std::move(options)), *known, plugin_);
    submit(job, caller);
    return job->wait();
}

}  // namespace quell::plugins
