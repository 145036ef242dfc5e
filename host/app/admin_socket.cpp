// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/admin_socket.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/task.hpp"
#include "json/error_document.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::app {
namespace {

unsigned http_status(Code code) {
    switch (code) {
        case Code::invalid_argument:
        case Code::unimplemented:
            return 400;
        case Code::permission_denied:
            return 403;
        case Code::not_found:
            return 404;
        case Code::failed_precondition:
        case Code::already_exists:
        case Code::data_loss:
            return 409;
        default:
            return 503;
    }
}

http::Response refuse(const Error& error) {
    return http::json(http_status(error->code), json::serialize(json::error_document(error)));
}

Result<json::Value> run_document(Services& services, const std::string& body, const Actor& actor) {
    TRY(const json::Value document, json::parse(body));
    TRY(const json::Object* object, json::as_object(document, "the body"));
    TRY(const std::string_view command, json::string_member(*object, "command"));
    TRY(const json::Object* arguments, json::object_member(*object, "arguments"));
    return run_command(services, command, *arguments, actor);
}

}  // namespace

void AdminSocket::add_routes(http::Router& router) {
    router.add("POST", "/command", [this](const http::Request& request) { return handle(request); });
}

void AdminSocket::stop() {
    worker_.join();
}

http::Response AdminSocket::run(const std::string& body, const Actor& actor) {
    const Result<json::Value> answer = run_document(services_, body, actor);
    return answer ? http::json(200, json::serialize(*answer)) : refuse(answer.error());
}

http::Answer AdminSocket::handle(const http::Request& request) {
    // Runs on the worker and comes back to the connection's thread. Named values only: g++ 12 destroys temporaries of a
    // co_await's operands twice.
    auto executor = co_await boost::asio::this_coro::executor;
    std::string body(request.body);
    Actor actor{.id = std::string(request.peer)};
    auto initiate = [this, executor, &body, &actor](auto handler) {
        auto finish = std::make_shared<decltype(handler)>(std::move(handler));
        boost::asio::post(worker_, [this, executor, finish, &body, &actor] {
            auto response = std::make_shared<http::Response>(run(body, actor));
            boost::asio::post(executor, [finish, response] { (*finish)(std::move(*response)); });
        });
    };
    co_return co_await boost::asio::async_initiate<const base::UseTask, void(http::Response)>(initiate, base::use_task);
}

}  // namespace quell::app
