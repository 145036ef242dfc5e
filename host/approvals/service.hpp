// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "approvals/approval.hpp"
#include "approvals/deciders.hpp"
#include "audit/trail.hpp"
#include "base/secret_string.hpp"
#include "base/task.hpp"
#include "identity/lifetimes.hpp"
#include "identity/principal.hpp"
#include "store/store.hpp"

namespace quell::approvals {

struct Decision {
    bool approve = false;
    std::string reason;
    std::optional<std::chrono::seconds> duration{};  // of the grant; it never outlasts the request's own end (L19)
};

struct Decided {
    Approval approval;
    SecretString token;  // opens what was approved, shown this once (A06); empty if it was denied
};

// What listeners hear of.
enum class Event : std::uint8_t { requested, granted, denied, expired };
std::string_view to_string(Event event);  // "approval_requested"

// Which requests a caller wants to see.
struct Query {
    std::string status;    // empty: all
    std::string resource;  // empty: all
    std::string cursor;    // of the page before
    std::int64_t limit = 50;
};
struct Page {
    std::vector<Approval> approvals;
    std::string cursor;  // empty: there is no more
};

// One engine for all that people have to allow: request, decide, grant, expire. A grant is bound to the requester, the kind,
// the resource, the operation, the digest of the arguments and its end; one for an action is good for one use. One decision
// counts: the store's transaction settles races (AP-01, AP-03). Every step is one audit record in the transaction of the
// step. It knows no page, no tool and no secret. Any thread; Tasks on any io_context. Owned by app; outlives the doors.
class Service {
  public:
    struct Dependencies {
        store::Store& store;
        audit::Trail& trail;
        PresentSettings settings;
        identity::Now now = wall_now;
    };
    // Called in the transaction of the event, which its error undoes; before the first request.
    using Listener = std::function<Result<void>(store::Transaction& transaction, Event event, const Approval& approval)>;

    explicit Service(Dependencies dependencies) : in_(std::move(dependencies)) {}
    void listen(Listener listener) { listeners_.push_back(std::move(listener)); }

    // The open request for the same wish, if there is one; else a new one, approved at once where the rule says so.
    // reason_required; resource_exhausted for a requester with too many that wait.
    Result<Approval> request(store::Transaction& transaction, const identity::Principal& requester, const Wish& wish);
    base::Task<Approval> request(identity::Principal requester, Wish wish);

    // approval_not_found, own_request, not_an_approver, approval_already_decided, approval_expired. Refusals are audited.
    base::Task<Decided> decide(identity::Principal decider, std::string id, Decision decision);

    // The grant that allows this wish now, if there is one. Ttl, reason and rules of the wish do not matter.
    Result<std::optional<Approval>> live_grant(store::Reader& reader, const identity::Principal& requester, const Wish& wish) const;
    // The denial that still stands, so that asking again does not wear people down; none after the request's end.
    Result<std::optional<Approval>> live_denial(store::Reader& reader, const identity::Principal& requester, const Wish& wish) const;
    // Notes the use; permission_denied if it ended or was for one use and had it.
    Result<void> use(store::Transaction& transaction, const Approval& grant) const;
    // The live grant that this token stands for.
    Result<std::optional<Approval>> find_by_token(store::Reader& reader, std::string_view token) const;

    // For its requester, its approvers and administrators; approval_not_found for everybody else.
    Result<Approval> get(const identity::Principal& caller, std::string_view id) const;
    // Newest first, those that the caller may see. invalid_arguments for a cursor that is none.
    Result<Page> list(const identity::Principal& caller, const Query& query) const;
    // Whether the caller may decide it: for a page that shows buttons.
    Result<bool> may_decide(const identity::Principal& caller, const Approval& approval) const;

    // For housekeeping: what waited too long expires, also what an earlier process left. Returns how many.
    Result<std::int64_t> expire(store::Transaction& transaction, std::int64_t limit);

    WallTime now() const { return in_.now(); }

  private:
    struct Outcome;
    Result<Approval> insert(store::Transaction& transaction, const identity::Principal& requester, const Wish& wish);
    Result<void> tell(store::Transaction& transaction, Event event, const Approval& approval, std::string_view actor);
    Result<Outcome> decide_in(store::Transaction& transaction, const identity::Principal& decider, std::string_view id,
                              const Decision& decision, std::string_view token);
    void note_refusal(const identity::Principal& decider, std::string_view id, const Error& error);
    bool may_see(const Decider& caller, const Approval& approval) const;

    const Dependencies in_;
    std::vector<Listener> listeners_;
};

}  // namespace quell::approvals
