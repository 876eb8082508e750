#pragma once
// By its name within the house; it is public, since passwords come in by it.

#include "ucsignin/secret.hpp"
