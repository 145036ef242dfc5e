// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace quell::app {

// Tells systemd (sd_notify's protocol, by hand: one datagram a message) how the host is: Type=notify, notify-reload and
// WatchdogSec= work. Without NOTIFY_SOCKET in the environment it does nothing. Messages are for the owner's thread;
// the sign of life comes from the given io_context, so that a host whose I/O hangs is restarted.
class Supervisor {
  public:
    // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
    explicit Supervisor(boost::asio::io_context& context);

    // Serving now; begins the signs of life if they are asked for.
    void ready();
    // New settings are being read; ready() says when that is over.
    void reloading() const;
    void stopping() const;

  private:
    void send(std::string_view message) const;
    void keep_alive();

    const std::string socket_;
    const std::chrono::microseconds every_;  // half of what is asked for; zero: not asked for
    boost::asio::steady_timer timer_;
    bool alive_ = false;
};

}  // namespace quell::app
