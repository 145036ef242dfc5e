// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "app/doctor.hpp"
#include "http/certificate.hpp"

namespace quell::app {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kLeastFree = 512 * kMiB;
constexpr std::chrono::days kCertificateNotice{14};
constexpr std::chrono::minutes kClockTolerance{1};

// What somebody else may write is no longer the admin's word (CASES OP-06, PL-09).
Finding settings_files(const config::Settings& settings) {
    std::vector<std::filesystem::path> files{settings.directory / "quell.toml"};
    for (const auto& [id, tenant] : settings.tenants) {
        files.push_back(settings.directory / "tenants" / (id.str() + ".toml"));
    }
    std::string open;
    for (const auto& file : files) {
        struct stat info {};
        if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 0022) != 0) {
            open += (open.empty() ? "" : ", ") + file.string();
        }
    }
    if (open.empty()) {
        return {"settings_files", true, "Only their owner may write them."};
    }
    return {"settings_files", false, "Others may write " + open + ".", "chmod go-w on these files."};
}

Finding store_file(const config::Settings& settings) {
    struct stat info {};
    const std::string& file = settings.store.sqlite_path.string();
    if (::stat(file.c_str(), &info) != 0) {
        return {"store_file", false, file + " cannot be seen.", "Check the folder's owner and mode."};
    }
    if ((info.st_mode & 0077) != 0) {
        return {"store_file", false, "Others may read " + file + ".", "chmod 600 " + file};
    }
    return {"store_file", true, "Only its owner may read it."};
}

Finding store_disk(const config::Settings& settings) {
    struct statvfs info {};
    const auto folder = settings.store.sqlite_path.parent_path();
    if (::statvfs(folder.c_str(), &info) != 0) {
        return {"store_disk", false, "The free space of " + folder.string() + " is not known.",
                "Check that the folder exists."};
    }
    const std::uint64_t free = std::uint64_t{info.f_bavail} * info.f_frsize;
    const std::string message = std::to_string(free / kMiB) + " MiB are free.";
    if (free < kLeastFree) {
        return {"store_disk", false, message, "Make room: on a full disk orders are refused."};
    }
    return {"store_disk", true, message};
}

Finding certificate(const config::Settings& settings) {
    if (!settings.server.has_tls()) {
        return {"tls_certificate", true, "None: plain http on loopback."};
    }
    const auto end = http::certificate_end(settings.server.tls_cert.string());
    if (!end) {
        return {"tls_certificate", false, end.error()->message, "Check [server] tls_cert."};
    }
    const bool soon = *end < wall_now() + kCertificateNotice;
    return {"tls_certificate", !soon, "It ends at " + to_rfc3339(*end) + ".",
            soon ? "Put a new certificate at [server] tls_cert and reload." : ""};
}

// DU-06: the newest record cannot be younger than now.
Finding clock(Services& services, const config::Settings& settings) {
    std::vector<TenantId> chains{TenantId()};
    for (const auto& [id, tenant] : settings.tenants) {
        chains.push_back(id);
    }
    const WallTime now = wall_now();
    for (const TenantId& chain : chains) {
        const auto newest = services.trail.tail(chain, 1);
        if (newest && !newest->empty() && newest->back().at > now + kClockTolerance) {
            return {"clock", false, "It shows " + to_rfc3339(now) + ", which is before the newest audit record of " +
                                        to_rfc3339(newest->back().at) + ".",
                    "Set the clock (timedatectl): tokens and providers' signatures go by it."};
        }
    }
    return {"clock", true, "It shows " + to_rfc3339(now) + "."};
}

// Whether somebody takes connections at the public address.
bool is_served(const config::Endpoint& endpoint) {
    boost::asio::io_context context;
    boost::asio::ip::tcp::socket socket(context);
    boost::system::error_code failure;
    auto address = boost::asio::ip::make_address(endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host, failure);
    if (failure) {
        return false;
    }
    if (address.is_unspecified()) {
        address = address.is_v6() ? boost::asio::ip::address(boost::asio::ip::address_v6::loopback())
                                  : boost::asio::ip::address(boost::asio::ip::address_v4::loopback());
    }
    socket.connect({address, endpoint.port}, failure);
    return !failure;
}

Finding port(const config::Settings& settings, bool host_runs) {
    const std::string where = config::to_string(settings.server.listen);
    const bool served = is_served(settings.server.listen);
    if (host_runs) {
        return {"port", served, where + (served ? " takes connections." : " takes no connection."),
                served ? "" : "Look at the host's log, and restart it."};
    }
    return {"port", !served, where + (served ? " is used by another program." : " is free."),
            served ? "End what uses it, or choose another [server] listen." : ""};
}

}  // namespace

std::vector<Finding> examine_machine(Services& services, bool host_runs) {
    const auto deployment = services.deployment();
    const config::Settings& settings = deployment->settings;
    return {port(settings, host_runs), settings_files(settings), store_file(settings), store_disk(settings),
            certificate(settings),     clock(services, settings)};
}

}  // namespace quell::app
