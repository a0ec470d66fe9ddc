/*
 * quire_names.c - the names of numbers, and of the library itself.
 */
#include "quire_internal.h"

/* The build gives it, as it is; this serves a compilation by hand. */
#ifndef QUIRE_VERSION
#define QUIRE_VERSION development
#endif
#define TEXT(tokens) #tokens
#define TEXT_OF(macro) TEXT(macro)

const char *quire_code_name(int32_t code) {
#define QUIRE_CODE(number, name, sentence) \
    case number: \
        return #name;
    switch (code) {
    case QUIRE_OK:
        return "OK";
        QUIRE_CODES
    default:
        return "UNKNOWN";
    }
#undef QUIRE_CODE
}

const char *quire_code_sentence(int32_t code) {
#define QUIRE_CODE(number, name, sentence) \
    case number: \
        return sentence;
    switch (code) {
    case QUIRE_OK:
        return "the call succeeded";
        QUIRE_CODES
    default:
        return "UNKNOWN";
    }
#undef QUIRE_CODE
}

const char *quire_call_name(int32_t call) {
#define QUIRE_CALL(number, name, text) \
    case number: \
        return text;
    switch (call) {
        QUIRE_CALLS
    default:
        return "";
    }
#undef QUIRE_CALL
}

const char *quire_os_number_name(int32_t os_number) {
    return os_number_name(os_number);
}

int32_t quire_abi_version(void) {
    return QUIRE_ABI_VERSION;
}

/* Says in the library's file which interface it has, so that the Java side need not load it for
   that. No linker leaves it out, because the version is in the same array. */
#define MARK "quire binary interface " TEXT_OF(QUIRE_ABI_VERSION)
static const char texts[] = MARK "\0" TEXT_OF(QUIRE_VERSION);

const char *quire_library_version(void) {
    return texts + sizeof MARK;
}
