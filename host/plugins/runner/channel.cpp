// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner/channel.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace quell::runner {
namespace {

iovec part(const void* data, std::size_t size) {
    return {const_cast<void*>(data), size};  // writev only reads
}

void write_all(int fd, std::array<iovec, 3> parts) {
    std::size_t first = 0;
    while (first < parts.size()) {
        ssize_t count = ::writev(fd, parts.data() + first, static_cast<int>(parts.size() - first));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            ::_exit(0);
        }
        auto left = static_cast<std::size_t>(count);
        while (first < parts.size() && left >= parts[first].iov_len) {
            left -= parts[first++].iov_len;
        }
        if (first < parts.size()) {
            parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + left;
            parts[first].iov_len -= left;
        }
    }
}

}  // namespace

bool Channel::send(plugins::FrameType type, const Json& head, std::string_view body) {
    // What a plugin says need not be UTF-8; the host must still get a well-formed head.
    const std::string text = head.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > plugins::kMaxHead || body.size() > plugins::kMaxBody) {
        return false;
    }
    const auto prefix = plugins::encode_prefix(type, text.size(), body.size());
    const std::lock_guard lock(mutex_);
    write_all(fd_, {part(prefix.data(), prefix.size()), part(text.data(), text.size()), part(body.data(), body.size())});
    return true;
}

}  // namespace quell::runner
