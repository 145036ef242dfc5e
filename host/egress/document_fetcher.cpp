// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/document_fetcher.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace quell::egress {
namespace {

// Runs `fetch` in the pool and completes on the executor of whoever waits.
template <class Handler, class Fetch>
void run(boost::asio::thread_pool& pool, Handler handler, Fetch fetch) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto work = boost::asio::make_work_guard(executor);
    boost::asio::post(pool, [executor, work = std::move(work), handler = std::move(handler),
                             fetch = std::move(fetch)]() mutable {
        Result<HttpResponse> response = fetch();
        boost::asio::post(executor, [handler = std::move(handler), response = std::move(response)]() mutable {
            std::move(handler)(std::move(response));
        });
    });
}

}  // namespace

base::Task<HttpResponse> DocumentFetcher::get(Url url, Limits limits) {
    HttpRequest request{.method = "GET",
                        .url = std::move(url),
                        .headers = {{"Accept", "application/json"}},
                        .may_repeat = true};
    co_return co_await send(std::move(request), limits);
}

base::Task<HttpResponse> DocumentFetcher::send(HttpRequest request, Limits limits) {
    if (!request.url.is_https() && !limits.allow_insecure_loopback) {
        co_return invalid_arguments("The address must be https.");
    }
    if (!enter()) {
        co_return Error(Code::resource_exhausted, "rate_limited", "The host fetches too many documents at this moment.")
            .retryable(2);
    }
    co_return co_await boost::asio::async_initiate<const base::UseTask, void(Result<HttpResponse>)>(
        [this](auto handler, HttpRequest wanted, Limits within) {
            run(pool_, std::move(handler),
                [this, wanted = std::move(wanted), within]() mutable { return fetch(std::move(wanted), within); });
        },
        base::use_task, std::move(request), limits);
}

Result<HttpResponse> DocumentFetcher::fetch(HttpRequest request, const Limits& limits) {
    const Reach loopback = request.url.is_https() ? Reach::public_or_loopback : Reach::loopback_only;
    const RequestPolicy policy{.deadline = std::chrono::steady_clock::now() + limits.time,
                               .max_response_bytes = limits.bytes,
                               .reach = limits.allow_insecure_loopback ? loopback : Reach::public_only};
    HttpResult result = client_.perform(std::move(request), policy, stopping_.get_token());
    waiting_.fetch_sub(1);
    return std::move(result.response);
}

void DocumentFetcher::stop() {
    stopping_.request_stop();
    pool_.join();
}

bool DocumentFetcher::enter() {
    if (waiting_.fetch_add(1) < max_waiting_) {
        return true;
    }
    waiting_.fetch_sub(1);
    return false;
}

}  // namespace quell::egress
