// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include "plugins/runner/frame.hpp"

namespace quell::plugins {

// Cuts a stream into frames with one buffer. Does not own the descriptor; one thread.
// The buffer grows with what a frame announces, never beyond the caps of frame.hpp, and shrinks after a large one.
class FrameReader {
  public:
    enum class Status { frame, need_more, closed, malformed };

    explicit FrameReader(int fd) : fd_(fd), buffer_(kUsual) {}

    // The next frame that is already in the buffer, or need_more: then call fill().
    Status next(Frame& out) {
        if (begin_ == end_) {
            rewind();
        }
        if (end_ - begin_ < kPrefixSize) {
            return Status::need_more;
        }
        const auto sizes = decode_prefix(buffer_.data() + begin_);
        if (!sizes) {
            return Status::malformed;
        }
        wanted_ = kPrefixSize + sizes->head + sizes->body;
        if (end_ - begin_ < wanted_) {
            return Status::need_more;
        }
        const char* start = reinterpret_cast<const char*>(buffer_.data() + begin_ + kPrefixSize);
        out = {sizes->type, {start, sizes->head}, {start + sizes->head, sizes->body}};
        begin_ += wanted_;
        wanted_ = 0;
        return Status::frame;
    }

    // For a frame that held a secret: nothing of what was taken stays in the buffer.
    void wipe_taken() { explicit_bzero(buffer_.data(), begin_); }

    // One blocking read. False at the end of the stream or on failure.
    bool fill() {
        make_room();
        ssize_t count = 0;
        do {
            count = ::read(fd_, buffer_.data() + end_, buffer_.size() - end_);
        } while (count < 0 && errno == EINTR);
        if (count <= 0) {
            return false;
        }
        end_ += static_cast<std::size_t>(count);
        return true;
    }

    // fill() until a whole frame is there.
    Status read(Frame& out) {
        for (;;) {
            const Status status = next(out);
            if (status != Status::need_more) {
                return status;
            }
            if (!fill()) {
                return Status::closed;
            }
        }
    }

  private:
    static constexpr std::size_t kUsual = 64 * 1024;

    void rewind() {
        begin_ = end_ = 0;
        if (buffer_.size() > kUsual) {
            buffer_.resize(kUsual);
            buffer_.shrink_to_fit();
        }
    }

    void make_room() {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        // What was moved may be the beginning of a secret.
        explicit_bzero(buffer_.data() + end_ - begin_, begin_);
        end_ -= begin_;
        begin_ = 0;
        if (std::max(wanted_, end_ + 1) > buffer_.size()) {
            grow(std::max(wanted_, end_ + 1));
        }
    }

    void grow(std::size_t size) {
        std::vector<std::uint8_t> larger(size);
        std::copy(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(end_), larger.begin());
        explicit_bzero(buffer_.data(), end_);
        buffer_.swap(larger);
    }

    int fd_;
    std::vector<std::uint8_t> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t wanted_ = 0;
};

}  // namespace quell::plugins
