// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/pattern.hpp"
#include "json/schema_node.hpp"

namespace quell::json {

// Turns a schema document into nodes. Each subschema becomes one node, made when first named and
// filled from a queue, so that neither deep nor circular schemas cost stack. The first mistake ends
// the work.
class SchemaCompiler {
  public:
    explicit SchemaCompiler(Schema::Compiled& out) : out_(out) {}
    Result<void> run();

    // What the functions below need. A mistake is kept, and the caller goes on with a harmless
    // value. `name` is the keyword whose value is read; nullptr if the schema has no such keyword.
    class Reader {
      public:
        Reader(SchemaCompiler& compiler, const Object& schema, const std::string& pointer)
            : compiler_(compiler), schema_(schema), pointer_(pointer) {}

        const Value* find(std::string_view name) const { return schema_.if_contains(name); }
        const Array* array(std::string_view name);
        const Object* object(std::string_view name);
        const Array* non_empty_array(std::string_view name);
        std::vector<std::string_view> strings(std::string_view name);
        std::vector<std::string_view> strings(const Value& value, std::string_view name);
        const Value* number(std::string_view name);
        // A count; `missing` if the keyword is absent.
        std::size_t count(std::string_view name, std::size_t missing);
        std::string_view string(std::string_view name);
        bool boolean(std::string_view name);

        // Subschemas.
        const Node* node(std::string_view name);
        std::vector<const Node*> nodes(std::string_view name);
        std::vector<std::pair<std::string_view, const Node*>> named_nodes(std::string_view name);
        const Node* reference(std::string_view name);

        std::optional<Pattern> pattern(std::string_view expression, std::string_view name);
        void refuse(std::string_view name, const std::string& why);
        const std::string& pointer() const { return pointer_; }

      private:
        std::string below(std::string_view name) const;
        SchemaCompiler& compiler_;
        const Object& schema_;
        const std::string& pointer_;
    };

  private:
    struct Pending {
        const Value* schema;
        Node* node;
        std::string pointer;
    };

    const Node* node_for(const Value& schema, std::string pointer);
    void fill(const Pending& pending);
    void refuse_unknown_keywords(const Object& schema, const std::string& pointer);
    void read_identity(Reader& reader);
    void refuse_endless_references();
    void refuse(std::string message);

    Schema::Compiled& out_;
    std::unordered_map<const Value*, Node*> nodes_;
    std::deque<Pending> queue_;
    std::vector<std::string> pointers_;  // of out_.nodes, by position
    std::optional<Error> error_;
};

// Each adds the rules of its keywords to the node.
void add_value_rules(SchemaCompiler::Reader& reader, Node& node);   // type, enum, const
void add_number_rules(SchemaCompiler::Reader& reader, Node& node);  // minimum .. multipleOf
void add_string_rules(SchemaCompiler::Reader& reader, Node& node);  // minLength, maxLength, pattern
void add_array_rules(SchemaCompiler::Reader& reader, Node& node);  // items .. uniqueItems, contains
void add_object_rules(SchemaCompiler::Reader& reader, Node& node);  // properties .. required
void add_dependent_rules(SchemaCompiler::Reader& reader,
                         Node& node);  // dependentRequired, dependentSchemas
void add_combining_rules(SchemaCompiler::Reader& reader, Node& node);  // $ref, allOf .. not, if

}  // namespace quell::json
