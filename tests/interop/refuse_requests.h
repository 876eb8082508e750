// Answers for libpurple's questions to the person at the screen, who isn't there: a certificate
// that isn't trusted is rejected, everything else counts as a failure. Without these a question
// would wait for ever.
#pragma once
#include <libpurple/request.h>

// Called once for each question, with its text, before it is answered.
typedef void question_asked(const char *text);

PurpleRequestUiOps *refuse_requests(question_asked *asked);
