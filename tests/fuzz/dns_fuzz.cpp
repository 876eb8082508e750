// links: net
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "net/dns_judgement.hpp"

using namespace ucsignin::net;

// What was read can be judged and written again, and an offset of an error lies within the bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto const message = dns::parse({data, size});
    if (!message) {
        if (message.error().offset > size) std::abort();
        return 0;
    }
    if (dns::serialize(*message).size() < 12) std::abort();
    dns_answer answer;
    if (!message->questions.empty()) answer.question = message->questions.front();
    judge(answer, *message);
    if (answer.cname_chain.size() > message->answers.size() + 1) std::abort();
    (void)answer.addresses();
    (void)answer.services();
    return 0;
}
