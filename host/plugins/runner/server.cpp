// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner/server.hpp"

#include <thread>
#include <utility>

#include "plugins/runner/abi_tables.hpp"
#include "plugins/runner/frame_reader.hpp"

namespace quell::runner {
namespace {

// Runs plugin code; whatever it throws across the border ends here (PL-02).
template <class Function>
void guarded(quell_call& call, Function function) {
    try {
        function();
    } catch (const std::exception&) {
        call.fail(QUELL_INTERNAL, "The plugin threw an exception across its border.");
    } catch (...) {
        call.fail(QUELL_INTERNAL, "The plugin threw across its border.");
    }
}

}  // namespace

Server::Server(const quell_plugin& plugin, Channel& channel, unsigned threads)
    : plugin_(plugin), channel_(channel), threads_(threads) {}

void Server::run(int fd) {
    plugins::FrameReader reader(fd);
    plugins::Frame frame;
    while (reader.read(frame) == plugins::FrameReader::Status::frame) {
        dispatch(frame);
    }
    wait_until_idle();
}

void Server::dispatch(const plugins::Frame& frame) {
    Json head = Json::parse(frame.head);
    switch (frame.type) {
        case plugins::FrameType::create:
            return enqueue([this, head = std::move(head), body = std::string(frame.body)] { create(head, body); });
        case plugins::FrameType::call:
            return enqueue([this, head = std::move(head), body = std::string(frame.body)] { call(head, body); });
        case plugins::FrameType::destroy:
            return enqueue([this, id = head.at("instance").get<std::uint64_t>()] { destroy(id); });
        case plugins::FrameType::cancel:
            return calls_.cancel(head.at("call").get<std::uint64_t>());
        case plugins::FrameType::http_response: {
            const auto id = head.at("call").get<std::uint64_t>();
            return calls_.answer(id, {std::move(head), std::string(frame.body)});
        }
        default:
            return;  // only the host's own types are sent to a runner
    }
}

void Server::enqueue(Task task) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(task));
    if (idle_ < queue_.size() && started_ < threads_) {
        ++started_;
        std::thread([this] { work(); }).detach();  // the process ends without them
    }
    wake_.notify_one();
}

void Server::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        idle_changed_.notify_all();
        wake_.wait(lock, [this] { return !queue_.empty(); });
        --idle_;
        const Task task = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

void Server::wait_until_idle() {
    std::unique_lock lock(mutex_);
    idle_changed_.wait(lock, [this] { return queue_.empty() && idle_ == started_; });
}

void Server::create(const Json& head, const std::string& config) {
    quell_call call(channel_, head);
    const auto id = head.at("instance").get<std::uint64_t>();
    auto host = std::make_unique<quell_host>(channel_, id);
    quell_instance* made = nullptr;
    std::int32_t status = QUELL_INTERNAL;
    calls_.add(call);
    guarded(call, [&] { status = plugin_.create(host.get(), &host_api(), &call, plugins::borrow(config), &made); });
    calls_.remove(call.id);
    if (status != QUELL_OK || made == nullptr) {
        call.fail(status == QUELL_OK ? QUELL_INTERNAL : status, "The plugin refused its settings without saying why.");
        return call.finish();
    }
    auto instance = std::make_shared<Instance>();
    instance->host = std::move(host);
    instance->plugin = made;
    {
        const std::lock_guard lock(instances_mutex_);
        instances_.emplace(id, std::move(instance));
    }
    channel_.send(plugins::FrameType::created, {{"call", call.id}});
}

void Server::destroy(std::uint64_t id) {
    std::shared_ptr<Instance> gone;
    {
        const std::lock_guard lock(instances_mutex_);
        const auto found = instances_.find(id);
        if (found == instances_.end()) {
            return;
        }
        gone = std::move(found->second);
        instances_.erase(found);
    }
    // A call that hangs keeps its instance: the host ends the process then.
    const std::lock_guard unused(gone->in_use);
    try {
        plugin_.destroy(std::exchange(gone->plugin, nullptr));
    } catch (...) {
        return;  // nobody is left to tell
    }
}

std::shared_ptr<Server::Instance> Server::find(std::uint64_t id) {
    const std::shared_lock lock(instances_mutex_);
    const auto found = instances_.find(id);
    return found == instances_.end() ? nullptr : found->second;
}

void Server::call(const Json& head, const std::string& request) {
    quell_call call(channel_, head);
    const auto instance = find(head.at("instance").get<std::uint64_t>());
    const auto method = plugins::find_method(plugin_, head.at("capability").get_ref<const std::string&>(),
                                             head.at("method").get_ref<const std::string&>());
    if (instance == nullptr || method == nullptr) {
        call.fail(QUELL_UNIMPLEMENTED, "The plugin does not have this method.");
        return call.finish();
    }
    calls_.add(call);
    {
        const std::shared_lock lock(instance->in_use);
        if (instance->plugin == nullptr) {
            call.fail(QUELL_CANCELLED, "The plugin's instance is gone.");
        } else {
            guarded(call, [&] { method(instance->plugin, &call, plugins::borrow(request)); });
        }
    }
    calls_.remove(call.id);
    call.finish();
}

}  // namespace quell::runner
