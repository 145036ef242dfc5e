// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/admin_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "json/parse.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::cli {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024 * 1024;

class Connection {
  public:
    ~Connection() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection() : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}

    // errno, or 0.
    int connect(const std::filesystem::path& path) const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path.native().size() >= sizeof address.sun_path) {
            return ENAMETOOLONG;
        }
        std::memcpy(address.sun_path, path.c_str(), path.native().size());
        return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
    }
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    std::string read_to_end() const {
        std::string out;
        char buffer[16384];
        ssize_t count = 0;
        while (out.size() < kMaxAnswer && (count = ::recv(descriptor_, buffer, sizeof buffer, 0)) > 0) {
            out.append(buffer, static_cast<std::size_t>(count));
        }
        return out;
    }

  private:
    int descriptor_;
};

Error broken(std::string why) {
    return Error(Code::unavailable, "connector_unavailable", "The running host did not answer over its admin socket.")
        .next_step("Look at the host's log, then try again.")
        .detail(std::move(why));
}

Error not_allowed() {
    return Error(Code::permission_denied, "permission_denied",
                 "The running host's admin socket is open to root and the host's own user only.")
        .next_step("Run the command as one of them, for example with sudo.");
}

std::vector<Candidate> to_candidates(const json::Array& rows) {
    std::vector<Candidate> candidates;
    for (const json::Value& row : rows) {
        Candidate candidate;
        for (const auto& member : row.is_object() ? row.get_object() : json::Object()) {
            candidate.emplace_back(std::string(member.key()), std::string(json::text(member.value())));
        }
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

// The host's error document, back as an Error. Its HTTP status tells the kind.
Error to_error(unsigned status, const json::Object& document) {
    const json::Value* body = document.if_contains("error");
    if (!body || !body->is_object()) {
        return broken("status " + std::to_string(status));
    }
    const json::Object& error = body->get_object();
    const Code code = status == 400   ? Code::invalid_argument
                      : status == 403 ? Code::permission_denied
                      : status == 404 ? Code::not_found
                      : status == 409 ? Code::failed_precondition
                                      : Code::unavailable;
    const auto text_of = [&](const char* name) {
        const json::Value* value = error.if_contains(name);
        return value ? std::string(json::text(*value)) : std::string();
    };
    Error::Members members{.code = code, .key = text_of("key"), .message = text_of("message")};
    members.next_step = text_of("next_step");
    if (const json::Value* retryable = error.if_contains("retryable"); retryable && retryable->is_bool()) {
        members.retryable = retryable->get_bool();
    }
    if (const json::Value* seconds = error.if_contains("retry_after_seconds"); seconds && seconds->is_int64()) {
        members.retry_after_seconds = seconds->get_int64();
    }
    if (const json::Value* allowed = error.if_contains("allowed"); allowed && allowed->is_array()) {
        for (const json::Value& value : allowed->get_array()) {
            members.allowed.emplace_back(json::text(value));
        }
    }
    if (const json::Value* candidates = error.if_contains("candidates"); candidates && candidates->is_array()) {
        members.candidates = to_candidates(candidates->get_array());
    }
    return Error(std::move(members));
}

Result<json::Value> read_answer(const std::string& answer) {
    const auto head_end = answer.find("\r\n\r\n");
    if (!answer.starts_with("HTTP/1.1 ") || head_end == std::string::npos) {
        return broken("no HTTP answer");
    }
    const auto status = static_cast<unsigned>(std::atoi(answer.c_str() + 9));
    auto document = json::parse(std::string_view(answer).substr(head_end + 4), {.bytes = kMaxAnswer, .values = 10'000'000});
    if (!document) {
        return broken("not JSON");
    }
    if (status == 200) {
        return std::move(*document);
    }
    return to_error(status, document->is_object() ? document->get_object() : json::Object());
}

}  // namespace

bool is_host_running(const std::filesystem::path& socket) {
    return Connection().connect(socket) == 0;
}

std::optional<Result<json::Value>> ask_host(const std::filesystem::path& socket, std::string_view command,
                                            const json::Object& arguments) {
    const Connection connection;
    const int failure = connection.connect(socket);
    if (failure == EACCES || failure == EPERM) {
        return not_allowed();
    }
    if (failure != 0) {
        return std::nullopt;
    }
    const std::string body = json::serialize(json::Object{{"command", command}, {"arguments", arguments}});
    const std::string head = "POST /command HTTP/1.1\r\nHost: quell\r\nConnection: close\r\nContent-Type: application/json\r\n"
                             "Content-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n";
    if (!connection.send(head + body)) {
        return broken("send failed");
    }
    return read_answer(connection.read_to_end());
}

}  // namespace quell::cli
