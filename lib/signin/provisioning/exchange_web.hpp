#pragma once
// Exchange over HTTPS: POST a document, log in where the server asks for it and the rule of trust allows it, keep the
// connection, since NTLM is bound to it. What came is told by a word.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "signin/base/context.hpp"
#include "signin/base/web_client.hpp"
#include "trace/evidence_exchange.hpp"

namespace ucsignin::signin::provisioning {

// One step of the way to Exchange or a request to it, and what came of it.
struct exchange_step {
    ev::exchange_step_word what = "autodiscover";
    std::string url;
    ev::exchange_state_word state = "unreachable";
    int status = 0;
    std::string code, error;  // of the answer, as far as it says
    std::string led_to, led_to_address;
    std::string retry_after;
    std::string server, via;           // of an answer that was not good: who it was that gave it, and passed it on
    std::vector<std::string> offered;  // schemes
    std::string scheme;                // by which we logged in
    std::optional<bool> accepted;      // whether that was taken
    std::optional<ev::withheld_word> withheld;

    [[nodiscard]] bool is_ok() const { return state.word() == "ok"; }
};

struct exchange_answer {
    exchange_step step;
    web_answer web;
    [[nodiscard]] const std::string& body() const { return web.response->body; }
};

// What an answer is, before its document is read: "ok" for one in XML. Pure.
[[nodiscard]] ev::exchange_state_word state_of(const web_answer& answer);
[[nodiscard]] ev::exchange_state_word state_of(const web_error& error);
// A page to log in at, by its address or its content.
[[nodiscard]] bool is_log_in_page(std::string_view url_or_page);

// What a log-in that a request asks for may be made with. What is worth no use of the password goes by a ticket alone;
// where it may be anybody's web site that asks, the password itself is not the answer.
enum class proof { any, windows, ticket };

class exchange_client {
public:
    explicit exchange_client(context& c) : c_(c) {}

    // To a name that may have no credentials only a GET goes out. After a log-in that was refused no other is tried.
    [[nodiscard]] net::awaitable<exchange_answer> post(
        net::http::url url, naming named, std::string body, net::deadline until, proof by = proof::any);
    // Whether what is asked there next needs no log-in of its own.
    [[nodiscard]] bool keeps_log_in(const net::http::url& url) const;
    // Without credentials, as for a redirect over plain HTTP.
    [[nodiscard]] net::awaitable<exchange_answer> get(net::http::url url, net::deadline until);
    // Named by a server that answered from `url`, over TLS that proved it.
    [[nodiscard]] naming named_by(const net::http::url& url, const naming& how_it_was_named, bool proven) const;
    [[nodiscard]] bool was_refused() const { return refused_; }

private:
    struct place {
        log_in_session session;
        credential_target target;
        std::optional<auth::secret> each_time;  // Basic
        bool answered = false;                  // on this connection
    };
    using places = std::map<std::string, place>;

    [[nodiscard]] net::awaitable<place*> reach(
        const net::http::url& url, const credential_target& to, exchange_answer& into, net::deadline until);
    // The server may close an idle connection before a request reaches it: that one may be sent anew (RFC 9112, 9.3.1).
    [[nodiscard]] net::awaitable<void> send(
        place& at, const net::http::url& url, const std::string& body, exchange_answer& into, net::deadline until);
    [[nodiscard]] net::awaitable<void> log_in(
        place& at, const net::http::url& url, const std::string& body, exchange_answer& into, net::deadline until,
        proof by);
    [[nodiscard]] net::awaitable<bool> by_windows(
        place& at, std::string_view scheme, const net::http::url& url, const std::string& body, exchange_answer& into,
        net::deadline until, proof by);
    [[nodiscard]] net::awaitable<void> by_basic(
        place& at, const net::http::url& url, const std::string& body, exchange_answer& into, net::deadline until);
    // A proxy that finds no way there, or lets nobody there, does not say whether there is such a name; DNS as it is
    // heard here may.
    [[nodiscard]] net::awaitable<void> look_for_the_name(
        const net::http::url& url, exchange_answer& of, net::deadline until);
    [[nodiscard]] net::awaitable<bool> reopen(place& at, const net::http::url& url, net::deadline until);

    context& c_;
    places places_;
    bool refused_ = false;
};

}  // namespace ucsignin::signin::provisioning
