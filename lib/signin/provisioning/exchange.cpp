#include "signin/provisioning/exchange.hpp"

#include "signin/base/notes.hpp"

namespace ucsignin::signin::provisioning {
namespace {

net::awaitable<void> run(context& c, std::shared_ptr<session> s, std::shared_ptr<exchange> e, sip::message request) {
    const auto until = c.until.sip();
    const bool is_subscription = request.method == "SUBSCRIBE";
    auto reply = co_await s->sip->request(std::move(request), until);
    if (!reply) {
        e->error = reply.error();
        e->done.set();
        co_return;
    }
    e->reply = std::move(*reply);
    if (e->accepted()) e->body = std::move(e->reply->answer.body);  // megabytes, of which one copy is enough
    while (is_subscription && e->accepted() && e->body.empty()) {
        if (const auto said = s->notified.find(e->event); said != s->notified.end()) {
            e->body = said->second.body;
            break;
        }
        s->news.reset();
        const bool in_time = co_await s->news.wait(until);
        if (!in_time) break;
    }
    e->done.set();
}

}  // namespace

std::shared_ptr<exchange> start(context& c, std::shared_ptr<session> s, std::string event, sip::message request) {
    auto e = std::make_shared<exchange>(std::move(event), c.executor);
    c.beside.start(run(c, std::move(s), e, std::move(request)));
    return e;
}

void note(trace::scope& span, const session& s, const exchange& e) {
    span.note(ev::candidate, s.candidate).note(ev::sip_event, e.event);
    if (e.reply) note_sip(span, e.reply->answer);
    else note_sip_error(span, e.error);
}

std::string in_words(const exchange& e) {
    return e.reply ? signin::in_words(e.reply->answer) : signin::in_words(e.error);
}

}  // namespace ucsignin::signin::provisioning
