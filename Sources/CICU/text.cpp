#include "support.hpp"

#include <cstring>
#include <memory>
#include <mutex>
#include <unicode/brkiter.h>
#include <unicode/casemap.h>
#include <unicode/rbbi.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/uversion.h>
#include <utility>

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

/// ICU's word rules with the classes in which CLDR differs set back to Unicode's own.
static icu::BreakIterator *compileUnicodeWords(UErrorCode &code) {
  std::unique_ptr<icu::BreakIterator> words(
      icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), code));
  const auto *ruled = dynamic_cast<const icu::RuleBasedBreakIterator *>(words.get());
  if (U_FAILURE(code) || !ruled) return nullptr;
  icu::UnicodeString rules = ruled->getRules();
  for (const char *name : {"ALetter", "MidLetter", "MidNumLet", "MidNum"}) {
    const auto text = icu::UnicodeString::fromUTF8(name);
    const icu::UnicodeString variable = u"$" + text + u"=";
    const int32_t begin = rules.indexOf(variable);
    const int32_t end = begin < 0 ? -1 : rules.indexOf(u';', begin);
    if (end < 0) continue;
    rules.replaceBetween(begin, end, variable + u"[\\p{Word_Break=" + text + u"}]");
  }
  UParseError place;
  return new icu::RuleBasedBreakIterator(rules, place, code);
}

/// A copy of the one that the process compiles once, which takes ICU longer than most texts.
static icu::BreakIterator *openUnicodeWords(UErrorCode &code) {
  static std::mutex mutex;
  static std::unique_ptr<const icu::BreakIterator> compiled;
  const std::lock_guard<std::mutex> lock(mutex);
  if (!compiled) {
    std::unique_ptr<const icu::BreakIterator> words(compileUnicodeWords(code));
    if (U_FAILURE(code) || !words) return nullptr;
    compiled = std::move(words);
  }
  return compiled->clone();
}

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
    case CICU_WORDS_UAX29: breaker->iterator.reset(openUnicodeWords(code)); break;
    default: code = U_ILLEGAL_ARGUMENT_ERROR;
    }
    if (U_SUCCESS(code) && !breaker->iterator) return CICU_FAILED;
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

namespace {

/// Which ASCII characters stay under each mask of classes.
struct KeptASCII {
  uint8_t kept[8][128];
  KeptASCII() {
    for (uint32_t mask = 0; mask < 8; mask++) {
      for (UChar32 c = 0; c < 128; c++) kept[mask][c] = !(U_GET_GC_MASK(c) & categories(mask));
    }
  }
  static uint32_t categories(uint32_t mask) {
    return (mask & CICU_MASK_NONSPACING_MARK ? U_GC_MN_MASK : 0) |
           (mask & CICU_MASK_PUNCTUATION ? U_GC_P_MASK : 0) |
           (mask & CICU_MASK_SYMBOL ? U_GC_S_MASK : 0);
  }
};

/// The general category of every scalar of the BMP, as a mask's bit number: a call of ICU for each
/// scalar takes longer than all else that is done with it.
struct Categories {
  uint8_t types[0x10000];
  Categories() {
    for (UChar32 c = 0; c < 0x10000; c++) types[c] = uint8_t(u_charType(c));
  }
  static uint32_t mask(UChar32 scalar) {
    static const Categories table;
    return scalar < 0x10000 ? uint32_t(1) << table.types[scalar] : U_GET_GC_MASK(scalar);
  }
};

/// Copies `text[start..<end]`, one scalar, to `out[written...]`, where it stands for itself.
inline void copyScalar(const uint8_t *text, size_t start, size_t end, size_t written,
                       cicu_buffer *out) {
  for (size_t k = 0; k < end - start; k++) {
    out->bytes[written + k] = text[start + k];
    if (!out->starts) continue;
    out->starts[written + k] = uint32_t(start);
    out->ends[written + k] = uint32_t(end);
  }
}

} // namespace

int32_t cicu_remove_classes(uint32_t mask, const uint8_t *text, size_t length, cicu_buffer *out) {
  static const KeptASCII ascii;
  if (length > cicu::longestText || mask > 7) return CICU_BAD_ARGUMENT;
  // No more can be written than is read, so one check of the room does for all.
  out->length = length;
  if (length > out->capacity) return CICU_BUFFER_TOO_SMALL;
  const uint8_t *kept = ascii.kept[mask];
  const uint32_t categories = KeptASCII::categories(mask);
  size_t written = 0;
  for (size_t i = 0; i < length;) {
    if (!out->starts) {
      // Without a branch on what is kept: written first, passed over or not.
      for (; i < length && text[i] < 0x80; i++) {
        out->bytes[written] = text[i];
        written += kept[text[i]];
      }
      if (i == length) break;
    }
    const size_t start = i;
    UChar32 scalar;
    U8_NEXT_OR_FFFD(text, i, length, scalar);
    if (Categories::mask(scalar) & categories) continue;
    copyScalar(text, start, i, written, out);
    written += i - start;
  }
  out->length = written;
  return CICU_OK;
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
