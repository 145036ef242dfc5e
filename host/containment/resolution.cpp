// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/resolution.hpp"

#include "orders/when_all.hpp"

namespace quell::containment {
namespace {

using Devices = std::vector<plugins::Device>;

// A look-up at one connector and the steps that led to it.
struct Question {
    const Profile* profile;
    Lookup lookup;
    std::vector<orders::ResolvedBy> steps;
};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// The plugin is trusted to compare, but not blindly: an answer that contradicts the question is not acted on.
bool contradicts(const plugins::Device& device, const Lookup& lookup) {
    const auto differs = [&](const std::optional<std::string>& value, bool must_be_there) {
        return value ? !equal_ignoring_case(*value, lookup.value) : must_be_there;
    };
    switch (lookup.type) {
        case LookupType::hostname: return differs(device.hostname, true);
        case LookupType::serial_number: return differs(device.serial_number, true);
        case LookupType::provider_device_id: return differs(device.provider_device_id, true);
        case LookupType::user_email: return differs(device.user_email, false);
    }
    return true;
}

plugins::Lookup as_asked(const Lookup& lookup) {
    return {std::string(to_string(lookup.type)), lookup.value};
}

Result<Devices> checked(Result<Devices> answer, const ConnectorKey& key, const Lookup& lookup) {
    const bool is_wrong = answer && std::ranges::any_of(*answer, [&](const plugins::Device& device) {
        return contradicts(device, lookup);
    });
    if (is_wrong) {
        return Error(Code::internal, "plugin_bad_result",
                     "`" + key.str() + "` answered with a device that was not asked for.");
    }
    return answer;
}

Error not_found(const Question& question) {
    Error error(Code::not_found, "device_not_found",
                "`" + question.profile->key.str() + "` knows no device with the " +
                    std::string(to_string(question.lookup.type)) + " " + question.lookup.value + ".");
    return std::move(error).next_step("Check the value, or try another lookup_type.");
}

Candidate candidate(const ConnectorKey& key, const plugins::Device& device) {
    Candidate out = {{"integration", key.str()}, {"provider_device_id", device.provider_device_id}};
    const auto add = [&out](std::string name, const std::optional<std::string>& value) {
        if (value) {
            out.emplace_back(std::move(name), *value);
        }
    };
    add("hostname", device.hostname);
    add("serial_number", device.serial_number);
    add("last_seen", device.last_seen);
    return out;
}

Error ambiguous(const Question& question, const Devices& devices) {
    std::vector<Candidate> candidates;
    for (const plugins::Device& device : devices) {
        candidates.push_back(candidate(question.profile->key, device));
    }
    Error error(Code::failed_precondition, "device_ambiguous",
                std::to_string(devices.size()) + " devices at `" + question.profile->key.str() + "` have the " +
                    std::string(to_string(question.lookup.type)) + " " + question.lookup.value +
                    ". Nothing was done.");
    return std::move(error)
        .candidates(std::move(candidates))
        .next_step("Find out which one is meant and name it by lookup_type provider_device_id or serial_number.");
}

orders::Target as_target(plugins::Device device, const Question& question) {
    orders::Target target;
    target.provider_id = std::move(device.provider_device_id);
    target.name = std::move(device.hostname);
    target.serial_number = std::move(device.serial_number);
    target.start_state = std::move(device.containment_state);
    target.resolved_by = question.steps;
    target.resolved_by.push_back(
        {question.profile->key.str(), std::string(to_string(question.lookup.type)), "exact"});
    return target;
}

Found& part_of(std::vector<Found>& found, const ConnectorKey& key) {
    const auto part = std::ranges::find(found, key, &Found::connector);
    return part == found.end() ? found.emplace_back(Found{key, {}, std::nullopt}) : *part;
}

// The same device can be reached in two ways, for example through two MDMs.
void add_once(std::vector<orders::Target>& targets, orders::Target target) {
    if (std::ranges::find(targets, target.provider_id, &orders::Target::provider_id) == targets.end()) {
        targets.push_back(std::move(target));
    }
}

bool takes_several(LookupType type) { return type == LookupType::user_email; }

// Takes an answer in; the failure is one that refuses the whole call.
Result<void> take(const Question& question, Result<Devices> answer, std::vector<Found>& found) {
    Found& part = part_of(found, question.profile->key);
    if (!answer) {
        part.error = std::move(answer).error();
        return {};
    }
    if (answer->size() > 1 && !takes_several(question.lookup.type)) {
        return ambiguous(question, *answer);
    }
    if (answer->empty()) {
        part.error = not_found(question);
    }
    for (plugins::Device& device : *answer) {
        add_once(part.targets, as_target(std::move(device), question));
    }
    return {};
}

// How the EDR is asked for a device of the MDM: by serial, by host name only where the MDM holds no serial.
Result<Question> question_for(const Profile& edr, const plugins::Device& device, const Question& origin) {
    const bool has_serial = device.serial_number && !device.serial_number->empty();
    if (!has_serial && (!device.hostname || device.hostname->empty())) {
        return Error(Code::not_found, "device_not_found",
                     "`" + origin.profile->key.str() + "` holds neither serial number nor host name of a device.");
    }
    Question question{&edr,
                      has_serial ? Lookup{LookupType::serial_number, *device.serial_number}
                                 : Lookup{LookupType::hostname, *device.hostname},
                      {{origin.profile->key.str(), std::string(to_string(origin.lookup.type)), "exact"}}};
    if (!edr.finds_by(question.lookup.type)) {
        return Error(Code::unimplemented, "lookup_type_not_supported",
                     "`" + edr.key.str() + "` does not find devices by " +
                         std::string(to_string(question.lookup.type)) + ".");
    }
    return question;
}

// Nothing found anywhere: the error says why, the worst first.
Result<void> check_any(const std::vector<Found>& all) {
    const Error* worst = nullptr;
    std::vector<Candidate> others;
    for (const Found& part : all) {
        if (!part.targets.empty()) {
            return {};
        }
        if (part.error) {
            others.push_back({{"integration", part.connector.str()}, {"key", (*part.error)->key}});
            if (worst == nullptr || ((*worst)->code == Code::not_found && (*part.error)->code != Code::not_found)) {
                worst = &*part.error;
            }
        }
    }
    if (worst == nullptr) {
        return internal_error("no connector answered");
    }
    Error error = *worst;
    return others.size() > 1 ? std::move(error).candidates(std::move(others)) : std::move(error);
}

class Resolution {
  public:
    Resolution(DeviceConnectors& connectors, const TenantId& tenant, const ContainArguments& arguments,
               plugins::CallOptions options)
        : connectors_(connectors), tenant_(tenant), arguments_(arguments), options_(std::move(options)) {}

    base::Task<std::vector<Found>> run(Selection selection) {
        if (!selection.direct.empty()) {
            CO_TRY_VOID(co_await ask_all(questions(selection.direct)));
        }
        if (!selection.via_mdm.empty()) {
            CO_TRY_VOID(co_await ask_through_mdms(std::move(selection)));
        }
        CO_TRY_VOID(check_any(found_));
        co_return std::move(found_);
    }

  private:
    std::vector<Question> questions(const std::vector<const Profile*>& profiles) const {
        std::vector<Question> out;
        out.reserve(profiles.size());
        for (const Profile* profile : profiles) {
            out.push_back({profile, arguments_.lookup, {}});
        }
        return out;
    }

    base::Task<Devices> ask(const Question& question) {
        return look_up(connectors_, tenant_, question.profile->key, question.lookup, arguments_.action, options_);
    }

    base::Task<void> ask_all(std::vector<Question> questions) {
        CO_TRY(auto answers, co_await answers_to(questions));
        for (std::size_t i = 0; i < answers.size(); ++i) {
            CO_TRY_VOID(take(questions[i], std::move(answers[i]), found_));
        }
        co_return Result<void>();
    }

    base::Task<std::vector<Result<Devices>>> answers_to(const std::vector<Question>& questions) {
        std::vector<base::Task<Devices>> tasks;
        for (const Question& question : questions) {
            tasks.push_back(ask(question));
        }
        co_return co_await orders::when_all(std::move(tasks));
    }

    // V57: e-mail -> the MDMs' devices -> the EDRs' devices.
    base::Task<void> ask_through_mdms(Selection selection) {
        const std::vector<Question> origins = questions(selection.mdms);
        CO_TRY(auto answers, co_await answers_to(origins));
        std::vector<Question> next;
        for (std::size_t i = 0; i < origins.size(); ++i) {
            if (!answers[i]) {
                part_of(found_, origins[i].profile->key).error = std::move(answers[i]).error();
                continue;
            }
            for (const plugins::Device& device : *answers[i]) {
                lead_on(selection.via_mdm, device, origins[i], next);
            }
        }
        if (next.empty()) {
            note_nothing(selection.via_mdm, origins);
            co_return Result<void>();
        }
        co_return co_await ask_all(std::move(next));
    }

    void lead_on(const std::vector<const Profile*>& edrs, const plugins::Device& device, const Question& origin,
                 std::vector<Question>& next) {
        for (const Profile* edr : edrs) {
            auto question = question_for(*edr, device, origin);
            if (question) {
                next.push_back(std::move(*question));
            } else {
                part_of(found_, edr->key).error = std::move(question).error();
            }
        }
    }

    // No MDM named a device; the EDRs that were to act say so.
    void note_nothing(const std::vector<const Profile*>& edrs, const std::vector<Question>& origins) {
        for (const Profile* edr : edrs) {
            Found& part = part_of(found_, edr->key);
            if (!part.error) {
                part.error = not_found(origins.front());
            }
        }
    }

    DeviceConnectors& connectors_;
    const TenantId& tenant_;
    const ContainArguments& arguments_;
    const plugins::CallOptions options_;
    std::vector<Found> found_;
};

base::Task<std::vector<Found>> resolve_at_several(DeviceConnectors& connectors, const TenantId& tenant,
                                                  Selection selection, const ContainArguments& arguments,
                                                  plugins::CallOptions options) {
    Resolution resolution(connectors, tenant, arguments, std::move(options));
    co_return co_await resolution.run(std::move(selection));
}

// The common call: one question, asked already.
base::Task<std::vector<Found>> read_answer(const Profile& profile, const ContainArguments& arguments,
                                           base::Task<Devices> asked) {
    auto answer = co_await std::move(asked);
    const Question question{&profile, arguments.lookup, {}};
    std::vector<Found> found;
    CO_TRY_VOID(take(question, checked(std::move(answer), profile.key, question.lookup), found));
    CO_TRY_VOID(check_any(found));
    co_return found;
}

}  // namespace

base::Task<std::vector<plugins::Device>> look_up(DeviceConnectors& connectors, const TenantId& tenant,
                                                 const ConnectorKey& key, const Lookup& lookup, Action action,
                                                 plugins::CallOptions options) {
    auto answer = co_await connectors.resolve(tenant, key, as_asked(lookup), action, std::move(options));
    co_return checked(std::move(answer), key, lookup);
}

base::Task<std::vector<Found>> resolve_devices(DeviceConnectors& connectors, const TenantId& tenant,
                                               Selection selection, const ContainArguments& arguments,
                                               plugins::CallOptions options) {
    if (selection.direct.size() == 1 && selection.via_mdm.empty()) {
        const Profile& only = *selection.direct.front();
        return read_answer(only, arguments, connectors.resolve(tenant, only.key, as_asked(arguments.lookup),
                                                               arguments.action, std::move(options)));
    }
    return resolve_at_several(connectors, tenant, std::move(selection), arguments, std::move(options));
}

}  // namespace quell::containment
