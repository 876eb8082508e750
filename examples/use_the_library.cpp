// Signs in to the emulated pool from a program of one's own and prints what it concluded, a line each:
// use_the_library [SCENARIO]. A real pool needs the same three calls (run, judge, to_json), without the lab.

#include <cstdio>

#include "ucsignin/diagnosis.hpp"
#include "ucsignin/host.hpp"
#include "ucsignin/lab.hpp"
#include "ucsignin/report.hpp"
#include "ucsignin/signin.hpp"

using namespace ucsignin;

namespace {

// The lab says where its servers are; a user would say the same with --resolver, --connect-to and --ca-file.
signin::options options_for(const lab::client_environment& lab) {
    signin::options o;
    o.address = lab.user;
    o.login = lab.login;
    o.password = auth::secret(lab.password);
    o.ca_files = {lab.ca_file};
    for (const auto& text : lab.resolvers)
        if (const auto parsed = net::parse_endpoint(text, 53)) o.resolvers.push_back(*parsed);
    for (const auto& text : lab.connect_to)
        if (const auto parsed = net::parse_connect_to(text)) o.connect_to.push_back(*parsed);
    return o;
}

void print(const diagnosis::verdict& verdict) {
    std::printf("signed in: %s\n", verdict.signed_in ? "yes" : "no");
    if (!verdict.signed_in) std::printf("stopped at: %s\n", verdict.stopped_at.c_str());
    for (const auto& finding : verdict.findings) {
        std::printf("%s: %s\n", finding.id.c_str(), finding.title.c_str());
        for (const auto& remedy : finding.remedies) std::printf("  %s: %s\n", remedy.who.c_str(), remedy.text.c_str());
    }
}

int complain(const std::string& what, int exit_code) {
    std::fprintf(stderr, "use_the_library: %s\n", what.c_str());
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    // Audio and proxy scripts are looked at by this program, started again.
    if (const auto helper = host::helper_of(argc, argv)) return helper();
    lab::options wanted{.what = lab::healthy_scenario(), .listen = {}, .listen_web = {}};
    if (argc > 1) {
        const auto loaded = lab::load_scenario(argv[1]);
        if (!loaded) return complain(loaded.error().where + ": " + loaded.error().what, 65);
        wanted.what = *loaded;
    }
    const auto pool = lab::start(wanted);
    if (!pool) return complain(pool.error(), 70);

    const auto options = options_for((*pool)->environment());
    report::report report;
    report.mode = "lab";
    report.facts.sip_uri = "sip:" + options.address;
    report.trace = signin::run(options, [](const trace::span& s) {
                       std::printf("%s\n", report::live_line(s, {}).c_str());
                   }).trace;
    report.verdict = diagnosis::judge(report.trace, report.facts);
    print(report.verdict);
    return report.verdict.exit_code;
}
