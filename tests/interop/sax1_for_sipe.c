// pidgin-sipe hands libxml2 a handler that says "SAX2" but fills only the SAX1 callbacks. libxml2
// since the fix of CVE-2023-39615 takes it at its word and calls none of them, so every XML body
// reads as empty. This program exports its own xmlSAXUserParseMemory (-rdynamic), which the
// plug-in binds to; it takes the SAX2 mark off and leaves the rest to the library.
#include <dlfcn.h>
#include <libxml/parser.h>
#include <stdlib.h>

typedef int parse_memory(xmlSAXHandlerPtr, void *, const char *, int);

int xmlSAXUserParseMemory(xmlSAXHandlerPtr sax, void *user_data, const char *buffer, int size)
{
    parse_memory *library = (parse_memory *)dlsym(RTLD_NEXT, "xmlSAXUserParseMemory");
    if (!library)
        abort();
    if (!sax)
        return library(sax, user_data, buffer, size);

    // A copy: the plug-in's handler may be constant.
    xmlSAXHandler sax1 = *sax;
    sax1.initialized = 0;
    return library(&sax1, user_data, buffer, size);
}
