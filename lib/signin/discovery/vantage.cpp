// Weighs the signs in the order of their strength; the first strong one decides, the others are kept with the reason
// why they did not. Names alone only let us guess, since DNS servers may be split in any way.
#include "signin/discovery/vantage.hpp"

#include "trace/ascii.hpp"

namespace ucsignin::signin::discovery {
namespace {

// One sign: what it points to, in words; the first that is strong enough decides.
class weighing {
public:
    void sign(bool there, std::string what, vantage points_to, bool strong, std::string why) {
        if (!there) return;
        const bool decides = strong && out_.where == vantage::unknown;
        if (!strong) why += "; this alone proves nothing";
        else if (!decides) why += "; " + decided_by_ + " had already decided";
        if (decides) {
            out_.where = points_to;
            decided_by_ = what;
        }
        if (out_.guess == vantage::unknown) out_.guess = points_to;
        out_.decision.considered.push_back(
            {std::move(what), decides ? trace::verdict::chosen : trace::verdict::passed_over, std::move(why)});
    }
    vantage_decision finish(bool client_inside) {
        if (out_.where != vantage::unknown) out_.guess = out_.where;
        out_.client_inside = client_inside;
        out_.decision.question = "Inside or outside?";
        out_.decision.chosen = out_.where == vantage::inside    ? "inside"
                               : out_.where == vantage::outside ? "outside"
                                                                : "unsure";
        return std::move(out_);
    }

private:
    vantage_decision out_;
    std::string decided_by_;
};

}  // namespace

vantage_decision decide_vantage(const vantage_signs& s) {
    const auto location = trace::lower(s.access_location);
    const bool names_count = !s.any_name_resolves;
    const bool misled = location == "internal" && s.internal_servers_unknown && !s.internal_name_resolves;
    weighing w;
    w.sign(s.by_hand != vantage::unknown, "--vantage", s.by_hand, true, "given by hand");
    w.sign(
        s.internal_name_answers && s.internal_name_private && names_count, "lyncdiscoverinternal", vantage::inside,
        true, "it answers at a private address, which only the inside reaches");
    w.sign(
        misled, "internal servers", vantage::outside, true,
        "Autodiscover considers us inside, but DNS here knows none of the servers that it names");
    w.sign(
        location == "internal" && !misled, "AccessLocation", vantage::inside, true, "the internal web site served us");
    w.sign(location == "external", "AccessLocation", vantage::outside, true, "the external web site served us");
    w.sign(
        s.remote_user == false, "ms-user-logon-data", vantage::inside, true,
        "the registrar does not call us a remote user");
    w.sign(
        s.remote_user == true, "ms-user-logon-data", vantage::outside, true,
        "the registrar calls us a remote user: we came through the Edge");
    w.sign(s.source_public, "source address", vantage::outside, true, "packets leave from a public address");
    w.sign(
        names_count && (s.internal_name_resolves || s.internal_records), "internal names", vantage::inside, false,
        "DNS knows names that belong inside");
    w.sign(
        names_count && s.external_records, "external names", vantage::outside, false, "DNS knows the external names");
    return w.finish(s.internal_name_answers);
}

}  // namespace ucsignin::signin::discovery
