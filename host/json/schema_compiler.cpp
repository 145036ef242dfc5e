// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/schema_compiler.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/encoding.hpp"
#include "json/nearest.hpp"
#include "json/pointer.hpp"

namespace quell::json {
namespace {

constexpr std::size_t kMostNodes = 10'000;
constexpr std::string_view kDraft = "https://json-schema.org/draft/2020-12/schema";

constexpr auto kKeywords = std::to_array<std::string_view>({
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "$comment",
    "$anchor",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "format",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
});

bool is_known(std::string_view keyword) {
    return keyword.starts_with("x-") ||
           std::find(kKeywords.begin(), kKeywords.end(), keyword) != kKeywords.end();
}

std::string place(const std::string& pointer) {
    return pointer.empty() ? "/" : pointer;
}

}  // namespace

Result<void> SchemaCompiler::run() {
    out_.root = node_for(out_.document, "");
    while (!queue_.empty() && !error_) {
        const Pending pending = std::move(queue_.front());
        queue_.pop_front();
        fill(pending);
    }
    if (!error_)
        refuse_endless_references();
    if (error_)
        return *std::move(error_);
    return {};
}

void SchemaCompiler::refuse(std::string message) {
    if (!error_)
        error_ = invalid_arguments("The JSON schema is refused: " + std::move(message) + ".");
}

const Node* SchemaCompiler::node_for(const Value& schema, std::string pointer) {
    const auto [entry, is_new] = nodes_.try_emplace(&schema, nullptr);
    if (is_new) {
        entry->second = &out_.nodes.emplace_back();
        if (out_.nodes.size() > kMostNodes)
            refuse("it has more than " + std::to_string(kMostNodes) + " subschemas");
        pointers_.push_back(pointer);
        queue_.push_back({&schema, entry->second, std::move(pointer)});
    }
    return entry->second;
}

void SchemaCompiler::fill(const Pending& pending) {
    if (const bool* verdict = pending.schema->if_bool()) {
        pending.node->refuses_all = !*verdict;
        return;
    }
    const Object* schema = pending.schema->if_object();
    if (schema == nullptr)
        return refuse("`" + place(pending.pointer) + "` must be an object, true or false");
    refuse_unknown_keywords(*schema, pending.pointer);
    Reader reader(*this, *schema, pending.pointer);
    read_identity(reader);
    pending.node->default_value = reader.find("default");
    add_value_rules(reader, *pending.node);
    add_number_rules(reader, *pending.node);
    add_string_rules(reader, *pending.node);
    add_array_rules(reader, *pending.node);
    add_object_rules(reader, *pending.node);
    add_dependent_rules(reader, *pending.node);
    add_combining_rules(reader, *pending.node);
}

// INTERFACES.md 6: a keyword that is not understood must not be taken for a promise that is kept.
void SchemaCompiler::refuse_unknown_keywords(const Object& schema, const std::string& pointer) {
    for (const auto& member : schema) {
        const std::string_view keyword(member.key().data(), member.key().size());
        if (is_known(keyword))
            continue;
        std::string where = pointer;
        append_token(where, shortened(keyword));
        refuse("`" + where + "` is not a keyword that this host knows" +
               nearest_hint(keyword, kKeywords));
    }
}

void SchemaCompiler::read_identity(Reader& reader) {
    const std::string_view draft = reader.string("$schema");
    if (reader.find("$schema") != nullptr && draft != kDraft && draft != std::string(kDraft) + "#")
        reader.refuse("$schema", "must be `" + std::string(kDraft) + "`");
    reader.string("$comment");
    reader.string("$id");
    if (reader.find("$id") != nullptr && !reader.pointer().empty())
        reader.refuse("$id", "is allowed at the root only");
    reader.named_nodes("$defs");  // an unused definition must be right as well
}

// Depth-first over the schemas that apply to one and the same value. A node is left (done) only
// after all that it leads to; meeting one that is still open means that a check would never end.
void SchemaCompiler::refuse_endless_references() {
    enum class State : unsigned char { unseen, open, done };
    std::unordered_map<const Node*, State> states;
    std::vector<std::pair<const Node*, std::size_t>> path;
    for (std::size_t start = 0; start < out_.nodes.size(); ++start) {
        if (states[&out_.nodes[start]] != State::unseen)
            continue;
        path.emplace_back(&out_.nodes[start], 0);
        states[&out_.nodes[start]] = State::open;
        while (!path.empty()) {
            auto& [node, next] = path.back();
            if (next == node->same_value.size()) {
                states[node] = State::done;
                path.pop_back();
                continue;
            }
            const Node* target = node->same_value[next++];
            State& state = states[target];
            if (state == State::open)
                return refuse("the references from `" + place(pointers_[start]) +
                              "` go round without end");
            if (state == State::unseen) {
                state = State::open;
                path.emplace_back(target, 0);
            }
        }
    }
}

std::string SchemaCompiler::Reader::below(std::string_view name) const {
    std::string pointer = pointer_;
    append_token(pointer, name);
    return pointer;
}

void SchemaCompiler::Reader::refuse(std::string_view name, const std::string& why) {
    compiler_.refuse("`" + below(name) + "` " + why);
}

const Node* SchemaCompiler::Reader::node(std::string_view name) {
    const Value* value = find(name);
    return value == nullptr ? nullptr : compiler_.node_for(*value, below(name));
}

std::vector<const Node*> SchemaCompiler::Reader::nodes(std::string_view name) {
    std::vector<const Node*> nodes;
    if (const Array* schemas = non_empty_array(name)) {
        const std::string pointer = below(name);
        for (std::size_t index = 0; index < schemas->size(); ++index)
            nodes.push_back(
                compiler_.node_for((*schemas)[index], pointer + "/" + std::to_string(index)));
    }
    return nodes;
}

std::vector<std::pair<std::string_view, const Node*>> SchemaCompiler::Reader::named_nodes(
    std::string_view name) {
    std::vector<std::pair<std::string_view, const Node*>> nodes;
    if (const Object* schemas = object(name)) {
        for (const auto& member : *schemas) {
            const std::string_view key(member.key().data(), member.key().size());
            std::string pointer = below(name);
            append_token(pointer, key);
            nodes.emplace_back(key, compiler_.node_for(member.value(), std::move(pointer)));
        }
    }
    return nodes;
}

// Only "#" and "#/..." are followed: a schema from outside must not make the host read another
// document.
const Node* SchemaCompiler::Reader::reference(std::string_view name) {
    const std::string_view target = string(name);
    if (find(name) == nullptr || compiler_.error_)
        return nullptr;
    const bool is_local = target == "#" || target.starts_with("#/");
    const auto pointer = percent_decode(is_local ? target.substr(1) : target, false);
    if (!is_local || !pointer) {
        refuse(name, "must be a local JSON pointer such as `#/$defs/name`");
        return nullptr;
    }
    const auto schema = resolve(compiler_.out_.document, *pointer);
    if (!schema) {
        refuse(name, "leads nowhere: there is no `" + shortened(target) + "`");
        return nullptr;
    }
    return compiler_.node_for(**schema, *pointer);
}

}  // namespace quell::json
