// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "json/parse.hpp"
#include "plugins/http_service.hpp"
#include "plugins/outcome.hpp"
#include "plugins/runner/frame_reader.hpp"
#include "target.hpp"

namespace {

using namespace quell::plugins;
using quell::fuzz::require;

// A pipe of one input, so that what an input leaves unread is gone with it.
class Pipe {
  public:
    Pipe() { require(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int reading_end() const { return ends_[0]; }
    void write(std::string_view bytes) {
        require(::write(ends_[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }

  private:
    std::array<int, 2> ends_{};
};

// What the host reads from the head of a frame.
void read_head(const Frame& frame) {
    const auto head = quell::json::parse(frame.head, {.bytes = kMaxHead, .depth = 4, .values = 4000});
    if (!head || !head->is_object()) {
        return;
    }
    const auto request = read_http_request(head->get_object(), std::string(frame.body));
    require(!request || (request->headers.size() <= 256 && request->timeout.count() >= 0));
    if (const quell::json::Value* message = head->get_object().if_contains("message")) {
        const std::string shown = presentable(quell::json::text(*message));
        require(std::ranges::none_of(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    }
}

}  // namespace

// A hostile runner's stream, in pieces as large as the first byte says. The frames are the stream: no byte is lost,
// added or moved, however it was cut, and what follows a malformed prefix is never read.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::size_t piece = 1 + data[0] * std::size_t{16};  // fits into a pipe
    const std::string_view stream = quell::fuzz::as_text(data, size).substr(1);
    Pipe pipe;
    FrameReader reader(pipe.reading_end());
    std::size_t sent = 0;
    std::size_t taken = 0;
    Frame frame;
    for (;;) {
        const auto status = reader.next(frame);
        if (status == FrameReader::Status::malformed) {
            return 0;
        }
        if (status == FrameReader::Status::frame) {
            const FramePrefix prefix = encode_prefix(frame.type, frame.head.size(), frame.body.size());
            const std::string again = std::string(prefix.begin(), prefix.end()).append(frame.head).append(frame.body);
            require(stream.substr(taken, again.size()) == again);
            taken += again.size();
            read_head(frame);
            continue;
        }
        if (sent == stream.size()) {
            return 0;
        }
        const std::string_view next = stream.substr(sent, piece);
        pipe.write(next);
        sent += next.size();
        require(reader.fill());
    }
}
