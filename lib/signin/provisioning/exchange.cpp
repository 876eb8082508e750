// One coroutine for each request: send, repeat on a version conflict if the row allows that, wait for the NOTIFY that
// carries the data, parse it in a worker, and tell the driver.
#include "signin/provisioning/exchange.hpp"

#include "signin/base/notifications.hpp"
#include "signin/base/reading.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using state = answer::state;

void move_on(board& on, answer& a, state to) {
    a.now = to;
    on.changed.set();
}

sip::message written_by(session& s, const request_text& text) {
    auto m = s.make_request(text.method, text.uri);
    for (const auto& [name, value] : text.headers) m.add(name, value);
    m.body = text.body;
    return m;
}

// What a proxy of before BENOTIFY refuses with 420 (MS-SIP 3.5). True when there was something to leave out.
bool leave_out_extensions(request_text& of) {
    return std::erase_if(of.headers, [](const auto& header) {
               return header.first == "Proxy-Require" || header.second == "ms-benotify";
           }) > 0;
}

// Asked again where a proxy on the way knows less than we said.
net::awaitable<std::expected<sip::reply, sip::no_answer>> reply_to(
    session& s, request_text& text, net::deadline until) {
    for (;;) {
        auto reply = co_await s.sip->request(written_by(s, text), until);
        if (!reply && !s.sip->is_open()) ++s.unanswered;
        if (!reply || reply->answer.status != 420 || !leave_out_extensions(text)) co_return reply;
    }
}

const sip::message* first_in(const session& s, const std::string& dialog) {
    const auto at = s.notified.find(dialog);
    return at == s.notified.end() ? nullptr : &at->second;
}

// What changed since, or else the first of any dialog.
const sip::message* latest_of(const session& s, const std::string& package) {
    if (const auto* later = first_in(s, package)) return later;
    const auto beginning = dialog_name(package, "");
    const auto at = s.notified.lower_bound(beginning);
    return at != s.notified.end() && at->first.starts_with(beginning) ? &at->second : nullptr;
}

// The body of a notification that has come, or of one that comes in time.
net::awaitable<std::optional<std::string>> news_of(
    std::shared_ptr<session> s, const sip::message* (*look)(const session&, const std::string&), std::string name,
    net::deadline until) {
    for (;;) {
        if (const auto* said = look(*s, name)) co_return said->body;
        s->news.reset();
        const bool in_time = co_await s->news.wait(until);
        if (!in_time) co_return std::nullopt;
    }
}

// The final answer; its body, or that of the notification in its place. None: nothing came, or it was refused.
net::awaitable<std::optional<std::string>> ask(
    context& c, std::shared_ptr<session> s, const endpoint me, std::shared_ptr<board> on, const request_row& row,
    request_text text) {
    auto& a = on->all.at(row.id);
    const bool is_subscription = text.method == "SUBSCRIBE";
    net::deadline until;
    for (;;) {
        until = (c.until.*row.patience)();
        auto reply = co_await reply_to(*s, text, until);
        if (!reply) {
            a.reply.reset();
            a.error = reply.error();
            a.discarded = reply.error().discarded;
            co_return std::nullopt;
        }
        a.reply = std::move(*reply);
        if (a.reply->answer.status != row.asked_again_on || a.attempts() >= row.most_attempts) break;
        a.conflicts.push_back(a.reply->answer);
        text = std::get<request_text>(row.build(me, on->all));
    }
    if (!a.accepted()) co_return std::nullopt;
    auto body = std::move(a.reply->answer.body);  // megabytes, of which one copy is enough
    if (!is_subscription || !body.empty()) co_return body;
    auto dialog = dialog_name(row.name, a.reply->answer.header("Call-ID").value_or(""));
    co_return co_await news_of(s, first_in, std::move(dialog), until);
}

net::awaitable<void> run(
    context& c, std::shared_ptr<session> s, const endpoint me, std::shared_ptr<board> on, const request_row& row,
    request_text text) {
    auto& a = on->all.at(row.id);
    auto body = co_await ask(c, s, me, on, row, std::move(text));
    move_on(*on, a, state::answered);
    if (body) a.body = co_await read_beside(row.read, std::move(*body), c.until.total());
    move_on(*on, a, state::complete);
}

// Each by itself: what one partner's server takes its time for holds up nobody else.
net::awaitable<void> ask_one(
    context& c, std::shared_ptr<session> s, std::shared_ptr<board> on, const request_row& row, std::size_t place,
    request_text text, std::shared_ptr<std::size_t> left) {
    auto& a = on->all.at(row.id);
    auto reply = co_await reply_to(*s, text, (c.until.*row.patience)());
    auto& one = a.each.at(place);
    if (reply) one.reply = std::move(*reply);
    else one.error = reply.error();
    if (one.accepted() && !one.reply->answer.body.empty())
        one.body = co_await read_beside(row.read, std::move(one.reply->answer.body), c.until.total());
    if (--*left == 0) move_on(*on, a, state::complete);
}

void ask_each(
    context& c, const std::shared_ptr<session>& s, const std::shared_ptr<board>& on, const request_row& row,
    request_each wanted) {
    auto left = std::make_shared<std::size_t>(wanted.all.size());
    auto& a = on->all.at(row.id);
    for (auto& one : wanted.all) a.each.push_back({.about = std::move(one.about)});
    for (std::size_t i = 0; i < wanted.all.size(); ++i)
        c.beside.start(ask_one(c, s, on, row, i, std::move(wanted.all[i].text), left));
}

// Until the grace is over: what nobody has to say is not waited for.
net::awaitable<void> listen(
    context& c, std::shared_ptr<session> s, std::shared_ptr<board> on, const request_row& row, std::string package) {
    const auto until = c.until.grace();
    auto& a = on->all.at(row.id);
    for (bool more = true; more;) {
        auto said = co_await news_of(s, latest_of, package, until);
        if (!said) break;
        a.body = co_await read_beside(row.read, std::move(*said), until);
        if (!a.unreadable()) break;
        s->news.reset();
        more = co_await s->news.wait(until);
    }
    move_on(*on, a, state::complete);
}

net::awaitable<void> look(context& c, std::shared_ptr<board> on, const request_row& row, look_for what) {
    auto& a = on->all.at(row.id);
    a.body = co_await what.look(c);
    move_on(*on, a, state::complete);
}

}  // namespace

void start(
    context& c, std::shared_ptr<session> s, const endpoint& me, std::shared_ptr<board> on, const request_row& row) {
    auto& a = on->all.at(row.id);
    a.name = row.name;
    auto wanted = row.build(me, on->all);
    if (auto* none = std::get_if<not_sent>(&wanted)) {
        a.unsent = std::move(*none);
        return move_on(*on, a, state::complete);
    }
    if (auto* follows = std::get_if<known>(&wanted)) {
        a.only_heard = true;
        a.body = std::move(follows->what);
        return move_on(*on, a, state::complete);
    }
    a.now = state::under_way;
    if (auto* what = std::get_if<listen_for>(&wanted)) {
        a.only_heard = true;
        a.error = {net::fault::timed_out, "nothing was said about it", 0};
        return c.beside.start(listen(c, std::move(s), on, row, std::move(what->package)));
    }
    if (auto* each = std::get_if<request_each>(&wanted)) return ask_each(c, s, on, row, std::move(*each));
    if (auto* what = std::get_if<look_for>(&wanted)) {
        a.only_heard = true;
        return c.beside.start(look(c, on, row, std::move(*what)));
    }
    c.beside.start(run(c, std::move(s), me, on, row, std::get<request_text>(std::move(wanted))));
}

}  // namespace ucsignin::signin::provisioning
