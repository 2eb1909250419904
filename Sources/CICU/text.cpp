#include "support.hpp"

#include <cstring>
#include <memory>
#include <unicode/brkiter.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/uversion.h>

// MARK: Case

int32_t cicu_lowercase(const char *locale, const uint8_t *text, size_t length, cicu_buffer *out) {
  return cicu::run(text, length, out, [&](icu::ByteSink &sink, icu::Edits *edits, UErrorCode &code) {
    icu::CaseMap::utf8ToLower(locale, 0, cicu::piece(text, length), sink, edits, code);
  });
}

int32_t cicu_fold_case(int32_t turkic, const uint8_t *text, size_t length, cicu_buffer *out) {
  const uint32_t options = turkic ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT;
  return cicu::run(text, length, out, [&](icu::ByteSink &sink, icu::Edits *edits, UErrorCode &code) {
    icu::CaseMap::utf8Fold(options, cicu::piece(text, length), sink, edits, code);
  });
}

// MARK: Boundaries

struct cicu_breaker {
  std::unique_ptr<icu::BreakIterator> iterator;
  UText text = UTEXT_INITIALIZER;
  ~cicu_breaker() { utext_close(&text); }
};

cicu_breaker *cicu_breaker_open(int32_t unit, int32_t *status) {
  std::unique_ptr<cicu_breaker> breaker;
  *status = cicu::guarded([&]() -> int32_t {
    UErrorCode code = U_ZERO_ERROR;
    const icu::Locale &root = icu::Locale::getRoot();
    breaker = std::make_unique<cicu_breaker>();
    switch (unit) {
    case CICU_GRAPHEMES:
      breaker->iterator.reset(icu::BreakIterator::createCharacterInstance(root, code));
      break;
    case CICU_WORDS:
      breaker->iterator.reset(icu::BreakIterator::createWordInstance(root, code));
      break;
    case CICU_SENTENCES:
      breaker->iterator.reset(icu::BreakIterator::createSentenceInstance(root, code));
      break;
    default: code = U_ILLEGAL_ARGUMENT_ERROR;
    }
    return cicu::status(code);
  });
  return *status == CICU_OK ? breaker.release() : nullptr;
}

void cicu_breaker_close(cicu_breaker *breaker) { delete breaker; }

int32_t cicu_breaker_find(cicu_breaker *breaker, const uint8_t *text, size_t length, uint32_t *ends,
                          uint8_t *is_word, size_t *count) {
  return cicu::guarded([&]() -> int32_t {
    *count = 0;
    if (length > cicu::longestText) return CICU_BAD_ARGUMENT;
    if (length == 0) return CICU_OK;
    UErrorCode code = U_ZERO_ERROR;
    utext_openUTF8(&breaker->text, reinterpret_cast<const char *>(text), int64_t(length), &code);
    breaker->iterator->setText(&breaker->text, code);
    if (U_FAILURE(code)) return cicu::status(code);
    size_t found = 0;
    breaker->iterator->first();
    for (int32_t end; (end = breaker->iterator->next()) != icu::BreakIterator::DONE; found++) {
      if (found == length) return CICU_FAILED;
      ends[found] = uint32_t(end);
      is_word[found] = breaker->iterator->getRuleStatus() >= UBRK_WORD_NONE_LIMIT;
    }
    *count = found;
    return CICU_OK;
  });
}

// MARK: Properties

int32_t cicu_remove_classes(uint32_t mask, const uint8_t *text, size_t length, cicu_buffer *out) {
  uint32_t categories = 0;
  if (mask & CICU_MASK_NONSPACING_MARK) categories |= U_GC_MN_MASK;
  if (mask & CICU_MASK_PUNCTUATION) categories |= U_GC_P_MASK;
  if (mask & CICU_MASK_SYMBOL) categories |= U_GC_S_MASK;
  if (length > cicu::longestText) return CICU_BAD_ARGUMENT;
  size_t written = 0;
  for (size_t i = 0; i < length;) {
    const size_t start = i;
    UChar32 scalar;
    U8_NEXT_OR_FFFD(text, i, length, scalar);
    if (U_GET_GC_MASK(scalar) & categories) continue;
    const size_t count = i - start;
    if (written + count <= out->capacity) {
      for (size_t k = 0; k < count; k++) {
        out->bytes[written + k] = text[start + k];
        if (!out->starts) continue;
        out->starts[written + k] = uint32_t(start);
        out->ends[written + k] = uint32_t(i);
      }
    }
    written += count;
  }
  out->length = written;
  return written <= out->capacity ? CICU_OK : CICU_BUFFER_TOO_SMALL;
}

uint16_t cicu_general_category(uint32_t scalar) {
  const char *name = u_getPropertyValueName(UCHAR_GENERAL_CATEGORY, u_charType(UChar32(scalar)),
                                            U_SHORT_PROPERTY_NAME);
  if (!name || strlen(name) != 2) return 0;
  return uint16_t(uint8_t(name[0]) << 8 | uint8_t(name[1]));
}

uint8_t cicu_combining_class(uint32_t scalar) { return u_getCombiningClass(UChar32(scalar)); }

int32_t cicu_is_punctuation(uint32_t scalar) {
  return (U_GET_GC_MASK(UChar32(scalar)) & U_GC_P_MASK) != 0;
}

int32_t cicu_is_white_space(uint32_t scalar) { return u_isUWhiteSpace(UChar32(scalar)) != 0; }

static void writeVersion(const UVersionInfo version, char out[16]) {
  char buffer[U_MAX_VERSION_STRING_LENGTH] = {};
  u_versionToString(version, buffer);
  strncpy(out, buffer, 15);
  out[15] = 0;
}

void cicu_version(char icu[16], char unicode[16]) {
  UVersionInfo version;
  u_getVersion(version);
  writeVersion(version, icu);
  u_getUnicodeVersion(version);
  writeVersion(version, unicode);
}
