// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/render.hpp"

#include <algorithm>

#include "cli/terminal_text.hpp"
#include "json/error_document.hpp"
#include "json/serialize.hpp"

namespace quell::cli {
namespace {

std::string cell(const json::Value& value) {
    if (value.is_null()) {
        return "-";
    }
    return for_terminal(value.is_string() ? std::string(json::text(value)) : json::serialize(value));
}

bool is_table(const json::Value& value) {
    const json::Array* rows = value.if_array();
    return rows && !rows->empty() &&
           std::all_of(rows->begin(), rows->end(), [](const json::Value& row) { return row.is_object(); });
}

std::string pad(std::string text, std::size_t width) {
    // Counts code points, so that names with letters beyond ASCII stay aligned.
    const auto shown = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
    text.append(width > shown ? width - shown : 0, ' ');
    return text;
}

std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += i + 1 < cells.size() ? pad(cells[i], widths[i] + 2) : cells[i];
    }
    return out + "\n";
}

std::string table(const json::Array& rows) {
    std::vector<std::vector<std::string>> lines(1);
    for (const auto& member : rows.front().get_object()) {
        lines[0].emplace_back(member.key());
    }
    for (const json::Value& row : rows) {
        std::vector<std::string> cells;
        for (const std::string& name : lines[0]) {
            const json::Value* value = row.get_object().if_contains(name);
            cells.push_back(value ? cell(*value) : "-");
        }
        lines.push_back(std::move(cells));
    }
    std::vector<std::size_t> widths(lines[0].size());
    for (const auto& cells : lines) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], cells[i].size());
        }
    }
    std::string out;
    for (const auto& cells : lines) {
        out += line(cells, widths);
    }
    return out;
}

std::string lines_of(const json::Object& object) {
    std::string out;
    for (const auto& member : object) {
        const std::string name(member.key());
        if (is_table(member.value())) {
            out += name + ":\n" + table(member.value().get_array());
        } else {
            out += name + ": " + cell(member.value()) + "\n";
        }
    }
    return out;
}

}  // namespace

std::string render(const json::Value& value, bool as_json) {
    if (as_json) {
        return to_ascii_json(json::serialize(value)) + "\n";
    }
    if (is_table(value)) {
        return table(value.get_array());
    }
    if (const json::Array* list = value.if_array(); list && list->empty()) {
        return "none\n";
    }
    return value.is_object() ? lines_of(value.get_object()) : cell(value) + "\n";
}

std::string render_error(const Error& error, bool as_json) {
    if (as_json) {
        return to_ascii_json(json::serialize(json::error_document(error))) + "\n";
    }
    std::string out = "quell: " + for_terminal(error->message) + "\n";
    if (!error->allowed.empty()) {
        out += "allowed:";
        for (const std::string& value : error->allowed) {
            out += " " + for_terminal(value);
        }
        out += "\n";
    }
    const json::Object document = json::error_document(error);
    if (const json::Value& candidates = document.at("error").at("candidates"); is_table(candidates)) {
        out += table(candidates.get_array());
    }
    return error->next_step.empty() ? out : out + for_terminal(error->next_step) + "\n";
}

}  // namespace quell::cli
