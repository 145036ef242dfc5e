// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "fixtures.hpp"

namespace fixtures {
namespace {

using quell::Call;
using quell::McpReply;
using quell::McpToolCall;
using quell::Result;
using std::chrono::milliseconds;

constexpr const char* kWav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

// Another document than nlohmann would write: order, spaces and 1.0 must arrive as they are.
constexpr const char* kSchema2020 =
    R"({"$schema":"https://json-schema.org/draft/2020-12/schema", "type":"object",)"
    R"("$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},)"
    R"("properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},)"
    R"("contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"},)"
    R"("weight":{"type":"number","minimum":1.0}},)"
    R"("allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],)"
    R"("if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},)"
    R"("then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false})";

auto always(std::string result) {
    return [reply = quell::mcp_result(std::move(result))](Call&, const McpToolCall&) -> Result<McpReply> {
        return reply;
    };
}

std::string png_block() {
    return std::string(R"({"type":"image","data":")") + kPng + R"(","mimeType":"image/png"})";
}

std::string content(const std::string& blocks) { return R"({"content":[)" + blocks + "]}"; }

Result<McpReply> report_progress(Call& call, const McpToolCall&) {
    for (const double done : {0.0, 50.0, 100.0}) {
        call.mcp().progress(done, 100.0);
        if (const auto slept = call.clock().sleep(milliseconds{50}); !slept)
            return slept.error();
    }
    return quell::mcp_text("Progress was reported three times.");
}

Result<McpReply> write_log(Call& call, const McpToolCall&) {
    for (const char* line : {"Tool execution started", "Tool processing data", "Tool execution completed"}) {
        call.mcp().log("info", line);
        if (const auto slept = call.clock().sleep(milliseconds{50}); !slept)
            return slept.error();
    }
    return quell::mcp_text("Three lines were logged.");
}

Result<McpReply> reconnect(Call& call, const McpToolCall&) {
    call.mcp().close_stream();
    if (const auto slept = call.clock().sleep(milliseconds{100}); !slept)
        return slept.error();
    return quell::mcp_text("Reconnection test completed successfully.");
}

}  // namespace

std::vector<Tool> plain_tools() {
    const std::string embedded =
        R"({"type":"resource","resource":{"uri":"test://embedded-resource","mimeType":"text/plain","text":"This is an embedded resource content."}})";
    const std::string mixed =
        R"({"type":"text","text":"Multiple content types test:"},)" + png_block() +
        R"(,{"type":"resource","resource":{"uri":"test://mixed-content-resource","mimeType":"application/json","text":"{\"test\":\"data\",\"value\":123}"}})";
    std::vector<Tool> tools;
    tools.push_back(tool("test_simple_text", "One text", always(content(R"({"type":"text","text":"This is a simple text response for testing."})"))));
    tools.push_back(tool("test_image_content", "One image", always(content(png_block()))));
    tools.push_back(tool("test_audio_content", "One sound", always(content(std::string(R"({"type":"audio","data":")") + kWav + R"(","mimeType":"audio/wav"})"))));
    tools.push_back(tool("test_embedded_resource", "One resource inside", always(content(embedded))));
    tools.push_back(tool("test_multiple_content_types", "Text, image and resource", always(content(mixed))));
    tools.push_back(tool("test_error_handling", "Always a refusal", [](Call&, const McpToolCall&) -> Result<McpReply> {
        return quell::mcp_text("This tool intentionally returns an error for testing", true);
    }));
    tools.push_back(tool("test_tool_with_progress", "Reports progress", report_progress));
    tools.push_back(tool("test_tool_with_logging", "Logs for the client", write_log));
    tools.push_back(tool("test_logging_tool", "Logs for the client", write_log));
    tools.push_back(tool("test_reconnection", "Lets the client go and come back", reconnect));
    tools.push_back(tool("json_schema_2020_12_tool", "Many keywords of JSON Schema", always(content("")), kSchema2020));
    tools.push_back(tool("test_custom_header", "One argument is repeated in a header", always(content("")),
                         R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}},"required":["region"]})"));
    return tools;
}

}  // namespace fixtures
