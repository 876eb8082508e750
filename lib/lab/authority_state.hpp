#pragma once
// What the lab's authority remembers. Internal to it.

#include <map>
#include <string>
#include <vector>

#include "lab/authority.hpp"
#include "lab/certificate_builder.hpp"

namespace ucsignin::lab {

struct issuer {
    x509_ptr certificate;
    pkey_ptr key;
};

struct authority::state {
    std::int64_t now = 0;
    std::string site;  // "http://pki.contoso.example"
    issuer root, intermediate, expired_intermediate, stranger;
    std::map<std::string, issuer> special;  // by profile
    std::vector<x509_ptr> revoked;
};

}  // namespace ucsignin::lab
