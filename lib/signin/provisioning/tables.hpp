#pragma once
// Stage 5 as two tables: requests, with the answers that they need, and nodes, with the answers that they judge. What
// leaves when follows from them (driver.hpp). The graph is in protocol 02, section 11.

#include <array>
#include <functional>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <variant>

#include "net/stream.hpp"
#include "signin/base/deadlines.hpp"
#include "signin/provisioning/answers.hpp"
#include "signin/provisioning/decided.hpp"

namespace ucsignin::signin {
struct context;
}

namespace ucsignin::signin::provisioning {

// Rows of the table of requests.
class needs {
public:
    constexpr needs(std::initializer_list<std::size_t> rows) {
        for (const auto row : rows) rows_.at(count_++) = row;
    }
    [[nodiscard]] constexpr const std::size_t* begin() const { return rows_.data(); }
    [[nodiscard]] constexpr const std::size_t* end() const { return rows_.data() + count_; }
    [[nodiscard]] constexpr bool empty() const { return count_ == 0; }

private:
    std::array<std::size_t, 8> rows_{};
    std::size_t count_ = 0;
};

// What requests are made of, besides the answers before them.
struct endpoint {
    std::string sip_uri, epid;
    std::string local_address;           // "192.0.2.10:50812"
    bool publish = true;                 // unless --no-publish
    bool remote = false;                 // signed in through the Edge
    bool takes_lists = true;             // the registrar said adhoclist: one subscription may be about many contacts
    std::vector<std::string> dial = {};  // numbers to normalise
    std::vector<std::string> presence_of = {};  // addresses to ask about, besides the contacts
    bool asks_for_partners = true;              // unless --no-partners
    std::string server = {};                    // whose answers these are: what it names may be trusted as far as it is
    bool asks_exchange = true;                  // unless --no-exchange
};

// What is particular to a request: the session puts the rest on it.
struct request_text {
    std::string method, uri;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
};
// The same of several: side by side, each with its own answer.
struct request_each {
    struct one {
        std::string about;
        request_text text;
    };
    std::vector<one> all;
};
// Instead of asking: the first notification of this package that can be read.
struct listen_for {
    std::string package;
};
// Instead of asking: what this program finds out by itself. It ends in time by itself, too.
struct look_for {
    std::function<net::awaitable<std::shared_ptr<const std::any>>(context&)> look;
};
// Instead of asking: what follows from the answers so far.
struct known {
    std::shared_ptr<const std::any> what;
};
using wish = std::variant<request_text, request_each, listen_for, look_for, known, not_sent>;

struct request_row {
    std::size_t id;
    std::string_view name;    // the event package where there is one: its notification may bring the body
    needs needed;             // it leaves when these were accepted, and read; never, when one wasn't accepted
    chart::node_ref told_at;  // whose span holds the answer; other nodes that judge it wait for that span
    wish (*build)(const endpoint& me, const answers& so_far);
    read_body (*read)(std::string_view body);
    int asked_again_on = 0;  // this status, with `conflicts` in the answer so far
    int most_attempts = 1;
    net::deadline (deadlines::*patience)() const = &deadlines::sip;  // with which each of its answers is waited for
    // Instead of `needed`: the answers that it follows from, as far as those so far tell, whatever comes of them.
    needs (*sources)(const answers& so_far) = nullptr;

    [[nodiscard]] constexpr request_row as_afterthought() const {
        auto row = *this;
        row.patience = &deadlines::afterthought;
        return row;
    }
};

template <auto Parse, body_form Form = body_form::document, class T>
[[nodiscard]] constexpr request_row request(
    request_id<T> id, std::string_view name, needs needed, chart::node_ref told_at,
    wish (*build)(const endpoint&, const answers&), int asked_again_on = 0, int most_attempts = 1) {
    static_assert(std::is_same_v<typename decltype(Parse(""))::value_type, T>, "the answer is read as something else");
    return {id, name, needed, told_at, build, &read_as<Parse, Form>, asked_again_on, most_attempts};
}

// The result of a look_for is there as it is: nothing is read.
template <class T>
[[nodiscard]] constexpr request_row look(
    request_id<T> id, std::string_view name, needs needed, chart::node_ref told_at,
    wish (*build)(const endpoint&, const answers&)) {
    return {id, name, needed, told_at, build, nullptr};
}

// What is `known` once its sources are there, or the reason why it isn't.
template <class T>
[[nodiscard]] constexpr request_row derive(
    request_id<T> id, std::string_view name, needs (*sources)(const answers&), chart::node_ref told_at,
    wish (*build)(const endpoint&, const answers&)) {
    request_row row{id, name, {}, told_at, build, nullptr};
    row.sources = sources;
    return row;
}

// When is a node decided? When all its answers are there, or with the first in the row's order that was accepted (and
// all before it were not).
enum class when { all_complete, first_accepted };

struct node_row {
    chart::node_ref node;
    needs needed;
    decided (*decide)(const answers&);
    provisioning::when when = when::all_complete;
    const chart::node* after = nullptr;  // visited only if that one was left by a branch that leads on
    needs beside = {};                   // waited for as well, and whatever comes of them is no reason not to decide

    [[nodiscard]] constexpr node_row also(needs these) const {
        auto row = *this;
        row.beside = these;
        return row;
    }
};

template <auto Decide>
using node_of = std::invoke_result_t<decltype(Decide), const answers&>;

// The node is that of the function's result: decided_at<"provisioning.contacts">.
template <auto Decide>
[[nodiscard]] constexpr node_row node(needs needed, const chart::node* after = nullptr, when w = when::all_complete) {
    constexpr decided (*erased)(const answers&) = [](const answers& a) -> decided { return Decide(a); };
    return {*chart::find(node_of<Decide>::node), needed, erased, w, after};
}

struct tables {
    std::span<const request_row> requests;  // in the order in which they leave
    std::span<const node_row> nodes;        // one that waits for another stands behind it
};

// The table of nodes.
[[nodiscard]] std::span<const node_row> nodes();
// Those of them that ask for nothing themselves: they read what others asked for.
[[nodiscard]] std::span<const node_row> configuration_nodes();  // of in-band provisioning
[[nodiscard]] std::span<const node_row> account_nodes();        // of roaming self and the contact list
[[nodiscard]] std::span<const node_row> presence_nodes();       // of contacts
[[nodiscard]] std::span<const node_row> mailbox_nodes();        // of the contact card and of Exchange
[[nodiscard]] std::span<const node_row> relay_nodes();          // of the media relay, which is asked for and looked at

}  // namespace ucsignin::signin::provisioning
