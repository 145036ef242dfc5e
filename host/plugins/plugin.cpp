// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/plugin.hpp"

#include "json/parse.hpp"
#include "plugins/in_process.hpp"
#include "plugins/outcome_documents.hpp"
#include "plugins/process_backend.hpp"
#include "plugins/refusal.hpp"
#include "plugins/runner/frame.hpp"
#include "plugins/secret_document.hpp"

namespace quell::plugins {
namespace {

constexpr std::size_t kQueuePerWorker = 32;

Result<json::Value> read_reply(const std::string& text, const Method& method, json::Storage storage) {
    auto reply = json::parse(text, {.bytes = kMaxBody, .depth = 32, .values = 200'000}, std::move(storage));
    if (!reply) {
        return bad_result("the reply is not JSON: " + reply.error()->message);
    }
    if (!method.reply.accepts(*reply)) {
        const auto problems = method.reply.violations(*reply, 1);
        return bad_result(problems.empty() ? "the reply does not match its schema" : problems.front().message);
    }
    return reply;
}

// The head; the values go to whom the call belongs (abi.h, secret_backend/1).
Result<json::Value> read_secret(std::string text, const Call& call, const Method& method, json::Storage storage) {
    const SecretString whole(std::move(text));
    if (!method.secret) {
        return bad_result("the method answered with a secret, which it may not");
    }
    const auto line = whole.reveal().find('\n');
    if (line == std::string_view::npos) {
        return bad_result("the reply is no secret document");
    }
    TRY(json::Value head, read_reply(std::string(whole.reveal().substr(0, line)), method, std::move(storage)));
    TRY(auto values, cut_values(head.at("fields").get_array(), whole.reveal().substr(line + 1)));
    if (call.options.secret_values) {
        *call.options.secret_values = std::move(values);
    }
    return head;
}

void note_crash(const PluginId& plugin, const Crash& crash) {
    if (crash.quarantines) {
        log::error("plugin_quarantined", {{"plugin", plugin.str()},
                                          {"reason", crash.reason},
                                          {"next_step", "quell plugin status --reset " + plugin.str()}});
    }
}

// Settings that a plugin does not take are the administrator's affair, whatever the plugin calls it.
Error not_created(const Failure& failure) {
    if (failure.status == Code::unavailable || failure.status == Code::deadline_exceeded) {
        return to_error(failure, {});
    }
    return refused("The plugin does not take the connector's settings: " + presentable(failure.message));
}

}  // namespace

json::Object to_json(const PluginStatus& status) {
    const BackendStatus& backend = status.backend;
    json::Object document;
    document["id"] = status.id.str();
    document["library"] = status.library;
    document["version"] = status.version;
    document["sha256"] = status.sha256;
    document["state"] = to_string(backend.state);
    document["reason"] = backend.reason.empty() ? json::Value(nullptr) : json::Value(backend.reason);
    document["isolation"] = status.isolation;
    document["sandbox"] = {{"wanted", status.sandbox},
                           {"landlock_abi", backend.landlock_abi},
                           {"seccomp", backend.seccomp},
                           {"memory_mb", backend.memory_mb}};
    document["capabilities"] = to_array(status.capabilities);
    document["pid"] = backend.pid > 0 ? json::Value(backend.pid) : json::Value(nullptr);
    document["restarts"] = backend.restarts;
    return document;
}

json::Object to_health(const PluginStatus& status) {
    const BackendStatus& backend = status.backend;
    const CrashHistory::Summary& history = backend.history;
    const auto time = [](const std::optional<WallTime>& at) {
        return at ? json::Value(to_rfc3339(*at)) : json::Value(nullptr);
    };
    json::Object document;
    document["id"] = status.id.str();
    document["state"] = to_string(backend.state);
    document["reason"] = backend.reason.empty() ? json::Value(nullptr) : json::Value(backend.reason);
    document["isolation"] = status.isolation;
    document["pid"] = backend.pid > 0 ? json::Value(backend.pid) : json::Value(nullptr);
    document["restarts"] = backend.restarts;
    document["crashes"] = history.crashes;
    document["last_crash_at"] = history.last ? time(history.last->at) : json::Value(nullptr);
    document["last_crash"] = history.last ? json::Value(history.last->reason) : json::Value(nullptr);
    document["quarantined_since"] = time(history.quarantined_since);
    document["quarantine_ends"] =
        history.quarantined_since ? json::Value("with --reset or a reload") : json::Value(nullptr);
    return document;
}

Result<json::Value> read_outcome(Outcome outcome, const Call& call, const Method& method, json::Storage storage) {
    switch (outcome.kind) {
        case Outcome::Kind::reply: {
            if (method.secret) {
                return bad_result("a secret came in a reply that is none");
            }
            auto reply = read_reply(outcome.text, method, std::move(storage));
            if (reply && call.options.reply_text) {
                *call.options.reply_text = std::move(outcome.text);
            }
            return reply;
        }
        case Outcome::Kind::failure:
            if (call.is_over() && outcome.failure.status == Code::cancelled) {
                return call.is_cancelled() && std::chrono::steady_clock::now() < call.deadline() ? call_cancelled()
                                                                                                : deadline_exceeded();
            }
            return to_error(outcome.failure, call.capability);
        case Outcome::Kind::not_created:
            return not_created(outcome.failure);
        case Outcome::Kind::lost:
            return unavailable(std::move(outcome.text), outcome.retry_after_ms);
        case Outcome::Kind::bad_result:
            return bad_result(outcome.text);
        case Outcome::Kind::secret:
            return read_secret(std::move(outcome.text), call, method, std::move(storage));
        default:
            return to_error({.message = "The plugin ended the call without a result."}, call.capability);
    }
}

Plugin::Plugin(PluginId id, config::PluginSettings settings, const std::filesystem::path& directory, Services services)
    : id_(std::move(id)), settings_(std::move(settings)), log_(id_) {
    if (const auto loaded = load(directory, services); !loaded) {
        refusal_ = loaded.error()->message;
        log::error("plugin_not_loaded", {{"plugin", id_.str()}, {"reason", refusal_}});
    }
}

Result<void> Plugin::load(const std::filesystem::path& directory, Services services) {
    TRY(PluginFile file, open_pinned(directory, settings_.library, settings_.sha256));
    sha256_ = file.sha256;
    TRY(Manifest manifest, parse_manifest(file.manifest));
    if (manifest.id != id_) {
        return refused("the file is the plugin `" + manifest.id.str() + "`, not `" + id_.str() + "`");
    }
    manifest_ = std::move(manifest);
    make_backend(std::move(file), services);
    pool_ = std::make_unique<WorkerPool>(
        WorkerPool::Options{
            .workers = workers(), .queue = workers() * kQueuePerWorker, .serial = manifest_.serial},
        [this](Job& job) { run(job); }, [this](Job& job) { backend_->give_up(job.call); }, services.watchdog);
    return {};
}

void Plugin::make_backend(PluginFile file, const Services& services) {
    if (settings_.isolation == config::Isolation::in_process) {
        backend_ = std::make_unique<InProcessBackend>(id_, std::move(file.manifest), sha256_, std::move(file.memory),
                                                      log_);
        return;
    }
    backend_ = std::make_unique<ProcessBackend>(
        ProcessBackend::Setup{.plugin = id_,
                              .manifest = std::move(file.manifest),
                              .sandbox = std::string(config::to_string(settings_.sandbox)),
                              .memory_mb = settings_.limits.memory_mb,
                              .threads = workers(),
                              .library = std::move(file.memory),
                              .notified = [this](std::uint64_t instance, std::string_view event) { tell_of(instance, event); },
                              .crashed = [id = id_, crashed = services.crashed](const Crash& crash) {
                                  note_crash(id, crash);
                                  if (crashed) {
                                      crashed(id, crash);
                                  }
                              }},
        services.spawner, log_);
}

std::size_t Plugin::workers() const {
    const auto admin = settings_.limits.concurrency;
    return admin && *admin > 0 ? std::min(manifest_.max_concurrency, static_cast<std::size_t>(*admin))
                               : manifest_.max_concurrency;
}

Instance& Plugin::add_instance(TenantId tenant, ConnectorKey connector, std::string config) {
    auto instance = std::make_unique<Instance>();
    instance->id = instances_.size() + 1;
    instance->tenant = std::move(tenant);
    instance->connector = std::move(connector);
    instance->config = std::move(config);
    instance->log = &log_;
    instances_.push_back(std::move(instance));
    return *instances_.back();
}

void Plugin::tell_of(std::uint64_t instance, std::string_view event) {
    if (instance > 0 && instance <= instances_.size()) {
        tell(*instances_[instance - 1], nullptr, event);
    }
}

void Plugin::start() {
    if (is_loaded()) {
        backend_->start();
    }
}

void Plugin::submit(std::shared_ptr<Job> job) {
    if (add(std::move(job))) {
        wake();
    }
}

bool Plugin::add(std::shared_ptr<Job> job) {
    if (pool_) {
        return pool_->add(std::move(job));
    }
    job->answer(unavailable("The plugin is not loaded; `quell plugin list` says why."));
    return false;
}

void Plugin::wake() { pool_->wake(); }

void Plugin::run(Job& job) {
    if (ConnectorMeters* meters = job.call.instance.meters.get()) {
        meters->taken(std::chrono::steady_clock::now() - job.made_at);
    }
    std::array<unsigned char, 4096> bytes;  // takes the usual reply
    json::Arena arena(bytes.data(), bytes.size());
    try {
        Outcome outcome = backend_->run(job.call);
        if (outcome.second) {
            log_.misuse("a second result of a call was ignored", &job.call.instance);
        }
        job.answer(read_outcome(std::move(outcome), job.call, job.method, &arena));
    } catch (const std::exception& failure) {
        job.answer(internal_error(std::string("a worker of a plugin: ") + failure.what()));
    }
}

Result<void> Plugin::lift_quarantine() {
    if (backend_ && backend_->lift_quarantine()) {
        log::info("plugin_quarantine_lifted", {{"plugin", id_.str()}});
        return {};
    }
    return Error(Code::failed_precondition, "invalid_arguments", "The plugin `" + id_.str() + "` is not in quarantine.");
}

PluginStatus Plugin::status() const {
    PluginStatus status;
    status.id = id_;
    status.library = settings_.library.string();
    status.version = manifest_.version;
    status.sha256 = sha256_;
    status.isolation = config::to_string(settings_.isolation);
    const bool in_process = settings_.isolation == config::Isolation::in_process;
    status.sandbox = config::to_string(in_process ? config::Sandbox::off : settings_.sandbox);
    status.capabilities = manifest_.capabilities;
    if (backend_) {
        status.backend = backend_->status();
    } else {
        status.backend.state = BackendStatus::State::failed;
        status.backend.reason = refusal_;
    }
    return status;
}

bool Plugin::stop() {
    if (!backend_) {
        return true;
    }
    const bool all_back = pool_->stop();
    if (all_back || settings_.isolation == config::Isolation::process) {
        return backend_->stop() && all_back;
    }
    return false;
}

}  // namespace quell::plugins
