// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "challenges/service.hpp"

// A challenge as a task (extension io.modelcontextprotocol/tasks): for clients that declare it, create_challenge answers with
// a task that ends when the challenge does. The task is the challenge itself, under a name made of its id, so it is durable
// before the answer and outlives a restart; only the principal and client that began it find it.
namespace quell::mcp {

bool is_challenge_task(std::string_view task_id);

// For Tool::as_task: `document` is create_challenge's result.
std::optional<std::string> begin_challenge_task(std::string_view document);

// The result of tasks/get, tasks/update or tasks/cancel as JSON text; not_found to everybody but who began the task. An
// expired challenge is a completed task with isError, a withdrawn one a cancelled task. Nothing is asked of the client, so an
// update changes nothing; cancel withdraws the challenge, and one that has ended stays as it is.
base::Task<std::string> challenge_task_result(challenges::Challenges& challenges, const identity::Principal& caller,
                                              std::string_view method, const std::string& task_id);

}  // namespace quell::mcp
