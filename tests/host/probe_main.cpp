#include "host/host.hpp"

int main() { return ucsignin::host::run_audio_probe(); }
