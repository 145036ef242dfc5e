// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/supervisor.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::app {
namespace {

std::string_view from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

long long number(std::string_view text) {
    long long value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? value : 0;
}

// sd_watchdog_enabled(3): meant for this process alone; half the time, as it advises.
std::chrono::microseconds watchdog_interval() {
    const std::string_view pid = from_environment("WATCHDOG_PID");
    const bool is_ours = pid.empty() || number(pid) == getpid();
    return std::chrono::microseconds(is_ours ? std::max(0LL, number(from_environment("WATCHDOG_USEC"))) / 2 : 0);
}

// A path, or "@name" in the abstract namespace; nothing for what is neither.
socklen_t to_address(std::string_view name, sockaddr_un& address) {
    const bool is_known = name.size() > 1 && (name.front() == '/' || name.front() == '@');
    if (!is_known || name.size() >= sizeof address.sun_path) {
        return 0;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') {
        address.sun_path[0] = '\0';
    }
    return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
}

long long monotonic_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000LL + now.tv_nsec / 1'000;
}

}  // namespace

Supervisor::Supervisor(boost::asio::io_context& context)
    : socket_(from_environment("NOTIFY_SOCKET")), every_(watchdog_interval()), timer_(context) {}

void Supervisor::ready() {
    send("READY=1\nSTATUS=Serving.");
    if (every_.count() > 0 && !socket_.empty() && !std::exchange(alive_, true)) {
        boost::asio::post(timer_.get_executor(), [this] { keep_alive(); });
    }
}

// Type=notify-reload wants the time as well.
void Supervisor::reloading() const {
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()) + "\nSTATUS=Reading settings.");
}

void Supervisor::stopping() const { send("STOPPING=1\nSTATUS=Finishing calls."); }

void Supervisor::keep_alive() {
    send("WATCHDOG=1");
    timer_.expires_after(every_);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (!failure) {
            keep_alive();
        }
    });
}

void Supervisor::send(std::string_view message) const {
    sockaddr_un address{};
    const socklen_t size = to_address(socket_, address);
    if (size == 0) {
        return;
    }
    const plugins::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto sent = ::sendto(socket.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                               reinterpret_cast<const sockaddr*>(&address), size);
    if (sent < 0) {
        log::warn("supervisor_not_told", {{"reason", std::strerror(errno)}});
    }
}

}  // namespace quell::app
