#include "support.hpp"

#include <memory>
#include <unicode/normalizer2.h>
#include <unicode/regex.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

// MARK: Scalars

uint32_t cicu_category_mask(uint32_t scalar) { return U_GET_GC_MASK(UChar32(scalar)); }

uint32_t cicu_lowercase_scalar(uint32_t scalar) { return uint32_t(u_tolower(UChar32(scalar))); }

int32_t cicu_script(uint32_t scalar) {
  UErrorCode code = U_ZERO_ERROR;
  return uscript_getScript(UChar32(scalar), &code);
}

int32_t cicu_is_word(uint32_t scalar) {
  const UChar32 c = UChar32(scalar);
  const uint32_t wordMask = U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK;
  return (U_GET_GC_MASK(c) & wordMask) != 0 || u_hasBinaryProperty(c, UCHAR_ALPHABETIC) ||
         u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL);
}

int32_t cicu_decompose(int32_t form, uint32_t scalar, uint32_t decomposed[32]) {
  return cicu::guarded([&]() -> int32_t {
    UErrorCode code = U_ZERO_ERROR;
    const icu::Normalizer2 *normalizer = form == CICU_NFD
                                             ? icu::Normalizer2::getNFDInstance(code)
                                             : icu::Normalizer2::getNFKDInstance(code);
    icu::UnicodeString text;
    if (U_FAILURE(code) || !normalizer->getDecomposition(UChar32(scalar), text)) return 0;
    const int32_t count = text.toUTF32(reinterpret_cast<UChar32 *>(decomposed), 32, code);
    return U_FAILURE(code) ? 0 : count;
  });
}

uint32_t cicu_compose(uint32_t first, uint32_t second) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2 *normalizer = icu::Normalizer2::getNFCInstance(code);
  if (U_FAILURE(code)) return 0;
  const UChar32 composed = normalizer->composePair(UChar32(first), UChar32(second));
  return composed < 0 ? 0 : uint32_t(composed);
}

// MARK: Regular expressions

struct cicu_regex {
  std::unique_ptr<icu::RegexPattern> pattern;
  std::unique_ptr<icu::RegexMatcher> matcher;
  UText text = UTEXT_INITIALIZER;
  ~cicu_regex() { utext_close(&text); }
};

cicu_regex *cicu_regex_open(const uint8_t *pattern, size_t length, int32_t *status,
                            int32_t *offset) {
  std::unique_ptr<cicu_regex> regex;
  *offset = 0;
  *status = cicu::guarded([&]() -> int32_t {
    if (length > cicu::longestText) return CICU_BAD_ARGUMENT;
    UErrorCode code = U_ZERO_ERROR;
    UParseError place = {};
    regex = std::make_unique<cicu_regex>();
    const icu::UnicodeString source = icu::UnicodeString::fromUTF8(cicu::piece(pattern, length));
    regex->pattern.reset(
        icu::RegexPattern::compile(source, UREGEX_MULTILINE | UREGEX_UNIX_LINES, place, code));
    if (U_FAILURE(code)) {
      *offset = place.offset;
      return CICU_BAD_ARGUMENT;
    }
    regex->matcher.reset(regex->pattern->matcher(code));
    return cicu::status(code);
  });
  return *status == CICU_OK ? regex.release() : nullptr;
}

void cicu_regex_close(cicu_regex *regex) { delete regex; }

int32_t cicu_regex_begin(cicu_regex *regex, const uint8_t *text, size_t length) {
  return cicu::guarded([&]() -> int32_t {
    if (length > cicu::longestText) return CICU_BAD_ARGUMENT;
    UErrorCode code = U_ZERO_ERROR;
    utext_openUTF8(&regex->text, reinterpret_cast<const char *>(text), int64_t(length), &code);
    if (U_FAILURE(code)) return cicu::status(code);
    regex->matcher->reset(&regex->text);
    return CICU_OK;
  });
}

int32_t cicu_regex_next(cicu_regex *regex, int32_t *found, size_t *start, size_t *end) {
  return cicu::guarded([&]() -> int32_t {
    UErrorCode code = U_ZERO_ERROR;
    *found = regex->matcher->find(code);
    if (U_FAILURE(code)) return cicu::status(code);
    if (!*found) return CICU_OK;
    *start = size_t(regex->matcher->start64(code));
    *end = size_t(regex->matcher->end64(code));
    return cicu::status(code);
  });
}
