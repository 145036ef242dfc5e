// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/mcp_content.hpp"

#include "json/serialize.hpp"
#include "json/slice.hpp"
#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

// The schema has checked the shape; what escapes hide from the slicing is refused.
Result<std::string> slice(std::string_view document, std::string_view name) {
    const auto found = json::member_text(document, name);
    return found ? std::string(*found) : Result<std::string>(bad_result("`" + std::string(name) + "` is written with escapes"));
}

std::vector<std::string_view> elements(std::string_view document, std::string_view name) {
    const auto found = json::member_text(document, name);
    return found ? json::element_texts(*found) : std::vector<std::string_view>();
}

TaskSupport read_support(const json::Object& tool) {
    const std::string support = text_at(tool, "task_support");
    return support == "required" ? TaskSupport::required : support == "optional" ? TaskSupport::optional : TaskSupport::forbidden;
}

bool is_read_only(const json::Object& definition) {
    const json::Value* annotations = definition.if_contains("annotations");
    const json::Value* hint = annotations != nullptr ? annotations->get_object().if_contains("readOnlyHint") : nullptr;
    return hint != nullptr && hint->get_bool();
}

Result<std::optional<json::Schema>> read_output(const json::Object& definition) {
    const json::Value* output = definition.if_contains("outputSchema");
    if (output == nullptr) {
        return std::optional<json::Schema>();
    }
    TRY(json::Schema schema, json::Schema::compile(*output));
    return std::optional(std::move(schema));
}

Result<ContentTool> read_tool(const json::Object& tool, std::string_view text) {
    const json::Object& definition = tool.at("definition").get_object();
    TRY(json::Schema arguments, json::Schema::compile(definition.at("inputSchema")));
    TRY(std::optional<json::Schema> output, read_output(definition));
    TRY(std::string slice_of_text, slice(text, "definition"));
    return ContentTool{.name = text_at(definition, "name"),
                       .definition = std::move(slice_of_text),
                       .task_support = read_support(tool),
                       .required_capabilities = object_at(tool, "required_client_capabilities"),
                       .read_only = is_read_only(definition),
                       .arguments = std::move(arguments),
                       .output = std::move(output)};
}

void read_tools(const json::Object& reply, std::string_view text, ContentOffer& offer) {
    const json::Value* tools = reply.if_contains("tools");
    const auto texts = elements(text, "tools");
    if (tools == nullptr || tools->get_array().size() != texts.size()) {
        return;
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const json::Object& document = tools->get_array()[i].get_object();
        if (auto tool = read_tool(document, texts[i])) {
            offer.tools.push_back(*std::move(tool));
        } else {
            offer.refused.push_back(text_at(document.at("definition").get_object(), "name") + ": " + tool.error()->message);
        }
    }
}

std::vector<ContentItem> read_items(const json::Object& reply, std::string_view text, std::string_view list,
                                    std::string_view key) {
    std::vector<ContentItem> items;
    const json::Value* documents = reply.if_contains(list);
    const auto texts = elements(text, list);
    for (std::size_t i = 0; documents != nullptr && i < std::min(texts.size(), documents->get_array().size()); ++i) {
        items.push_back({text_at(documents->get_array()[i].get_object(), key), std::string(texts[i])});
    }
    return items;
}

Millis millis_at(const json::Object& object, std::string_view name, std::int64_t otherwise) {
    const json::Value* value = object.if_contains(name);
    return Millis(value == nullptr ? otherwise : value->to_number<std::int64_t>());
}

Result<ContentReply> read_question(const json::Object& question, std::string_view text) {
    TRY(std::string within, slice(text, "input_required"));
    TRY(std::string requests, slice(within, "requests"));
    return ContentReply{.kind = ContentReply::Kind::input_required,
                        .text = std::move(requests),
                        .state = optional_text_at(question, "state")};
}

ContentReply read_task(const json::Object& task) {
    return {.kind = ContentReply::Kind::task,
            .continuation = text_at(task, "continuation"),
            .poll_after = millis_at(task, "poll_after_ms", 1000),
            .ttl = millis_at(task, "ttl_ms", 3'600'000),
            .status_message = presentable(text_at(task, "status_message"))};
}

ContentReply read_error(const json::Object& error, std::string_view text) {
    const auto within = json::member_text(text, "error");
    const auto data = within ? json::member_text(*within, "data") : std::nullopt;
    return {.kind = ContentReply::Kind::error,
            .text = std::string(data.value_or("")),
            .error_code = error.at("code").to_number<std::int64_t>(),
            .error_message = presentable(text_at(error, "message"))};
}

Result<ContentReply> read_reply(const json::Object& reply, std::string_view text) {
    if (const json::Value* question = reply.if_contains("input_required")) {
        return read_question(question->get_object(), text);
    }
    if (const json::Value* task = reply.if_contains("task")) {
        return read_task(task->get_object());
    }
    if (const json::Value* error = reply.if_contains("error")) {
        return read_error(error->get_object(), text);
    }
    TRY(std::string result, slice(text, "result"));
    return ContentReply{.kind = ContentReply::Kind::result, .text = std::move(result)};
}

Result<ContentOffer> read_offer(const json::Object& reply, std::string_view text) {
    ContentOffer offer;
    read_tools(reply, text, offer);
    offer.resources = read_items(reply, text, "resources", "uri");
    offer.templates = read_items(reply, text, "resource_templates", "uriTemplate");
    offer.prompts = read_items(reply, text, "prompts", "name");
    return offer;
}

// Asks for the reply's text beside the value, which is gone when the worker has read it.
std::shared_ptr<const std::string> keep_text(CallOptions& options) {
    options.reply_text = std::make_shared<std::string>();
    return options.reply_text;
}

}  // namespace

base::Task<ContentOffer> list_content(const Connector& connector, CallOptions options) {
    options.read_only = true;
    auto text = keep_text(options);
    return connector.call<ContentOffer>(kMcpContent, "list", "{}", std::move(options), [text](const json::Value& reply) {
        return read_offer(reply.get_object(), *text);
    });
}

base::Task<ContentReply> call_content(const Connector& connector, std::string_view method, std::string request,
                                      CallOptions options) {
    auto text = keep_text(options);
    return connector.call<ContentReply>(kMcpContent, method, std::move(request), std::move(options),
                                        [text](const json::Value& reply) { return read_reply(reply.get_object(), *text); });
}

base::Task<std::string> complete_content(const Connector& connector, std::string request, CallOptions options) {
    options.read_only = true;
    auto text = keep_text(options);
    return connector.call<std::string>(kMcpContent, "complete", std::move(request), std::move(options),
                                       [text](const json::Value&) { return slice(*text, "completion"); });
}

base::Task<void> cancel_content_task(const Connector& connector, const std::string& continuation, CallOptions options) {
    std::string request = json::serialize(json::Object{{"continuation", continuation}});
    return connector.call<void>(kMcpContent, "cancel_task", std::move(request), std::move(options),
                                [](const json::Value&) { return Result<void>(); });
}

}  // namespace quell::plugins
