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

// The columns of a table; a list of objects in a row is a table of its own, below.
std::vector<std::string> columns_of(const json::Array& rows) {
    std::vector<std::string> names;
    for (const auto& member : rows.front().get_object()) {
        const std::string name(member.key());
        const bool is_nested = std::any_of(rows.begin(), rows.end(), [&](const json::Value& row) {
            const json::Value* value = row.get_object().if_contains(name);
            return value && is_table(*value);
        });
        if (!is_nested) {
            names.push_back(name);
        }
    }
    return names;
}

std::vector<std::string> cells_of(const json::Object& row, const std::vector<std::string>& columns) {
    std::vector<std::string> cells;
    for (const std::string& name : columns) {
        const json::Value* value = row.if_contains(name);
        cells.push_back(value ? cell(*value) : "-");
    }
    return cells;
}

std::vector<std::size_t> widths_of(const std::vector<std::vector<std::string>>& lines) {
    std::vector<std::size_t> widths(lines.front().size());
    for (const auto& cells : lines) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], cells[i].size());
        }
    }
    return widths;
}

std::string table(const json::Array& rows, const std::string& indent = "") {
    const std::vector<std::string> columns = columns_of(rows);
    std::vector<std::vector<std::string>> lines = {columns};
    for (const json::Value& row : rows) {
        lines.push_back(cells_of(row.get_object(), columns));
    }
    const std::vector<std::size_t> widths = widths_of(lines);
    std::string out = indent + line(lines.front(), widths);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out += indent + line(lines[i + 1], widths);
        for (const auto& member : rows[i].get_object()) {
            if (is_table(member.value())) {
                out += indent + "  " + std::string(member.key()) + ":\n";
                out += table(member.value().get_array(), indent + "    ");
            }
        }
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
