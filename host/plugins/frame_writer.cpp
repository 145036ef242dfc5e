// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/frame_writer.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace quell::plugins {
namespace {

iovec part(const void* data, std::size_t size) {
    return {const_cast<void*>(data), size};  // sendmsg only reads
}

void drop_sent(msghdr& message, std::size_t count) {
    while (message.msg_iovlen > 0 && count >= message.msg_iov->iov_len) {
        count -= message.msg_iov->iov_len;
        ++message.msg_iov;
        --message.msg_iovlen;
    }
    if (message.msg_iovlen > 0) {
        message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + count;
        message.msg_iov->iov_len -= count;
    }
}

}  // namespace

bool FrameWriter::send(FrameType type, std::string_view head, std::string_view body) {
    if (head.size() > kMaxHead || body.size() > kMaxBody) {
        return false;
    }
    const FramePrefix prefix = encode_prefix(type, head.size(), body.size());
    std::array<iovec, 3> parts = {part(prefix.data(), prefix.size()), part(head.data(), head.size()),
                                  part(body.data(), body.size())};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const std::lock_guard lock(mutex_);
    while (message.msg_iovlen > 0) {
        const ssize_t count = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return false;
        }
        drop_sent(message, static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace quell::plugins
