// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "console/frame.hpp"

#include "http/page.hpp"

namespace quell::embedded {

extern const std::string_view console_head;
extern const std::string_view console_foot;
extern const std::string_view console_message;

}  // namespace quell::embedded

namespace quell::console {

namespace mustache = kainjow::mustache;
using mustache::data;

http::Response in_frame(unsigned status, std::string_view text, data values) {
    values.set("head", data(mustache::partial([] { return std::string(embedded::console_head); })));
    values.set("foot", data(mustache::partial([] { return std::string(embedded::console_foot); })));
    mustache::mustache renderer{std::string(text)};
    return http::page(status, renderer.render(values));
}

http::Response message_page(unsigned status, std::string_view title, std::string_view text, std::string_view back,
                            std::string_view back_label) {
    data values;
    values.set("title", std::string(title));
    values.set("text", std::string(text));
    values.set("has_back", !back.empty());
    values.set("back", std::string(back));
    values.set("back_label", std::string(back_label));
    return in_frame(status, embedded::console_message, std::move(values));
}

}  // namespace quell::console
