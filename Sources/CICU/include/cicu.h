#ifndef SEQTOOL_CICU_H
#define SEQTOOL_CICU_H

#include <stddef.h>
#include <stdint.h>

// What seqtool needs of ICU, UTF-8 in and UTF-8 out. No type of ICU appears here, because
// Foundation brings its own ICU as a module and the two clash in one Swift file.
//
// Conventions. Functions that can fail return a `CICU_` status. Text is well-formed UTF-8, at most
// 1 GiB per call. Every function may be called from any thread; an opened object is used by one
// thread at a time.

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CICU_OK = 0,
  /// The output holds `length` bytes, more than `capacity`: grow it and call again.
  CICU_BUFFER_TOO_SMALL = 1,
  CICU_BAD_ARGUMENT = 2,
  CICU_OUT_OF_MEMORY = 3,
  CICU_FAILED = 4,
};

/// Where a function writes. The memory is the caller's.
typedef struct cicu_buffer {
  uint8_t *bytes;
  /// `starts[i]..<ends[i]` are the input bytes that output byte `i` stands for; both are null where
  /// nobody asked, else they have room for `capacity` elements.
  uint32_t *starts;
  uint32_t *ends;
  size_t capacity;
  /// Set by the call: the bytes written, or needed where the buffer was too small.
  size_t length;
} cicu_buffer;

// MARK: Normal forms

enum {
  CICU_NFC = 0,
  CICU_NFD = 1,
  CICU_NFKC = 2,
  CICU_NFKD = 3,
  CICU_NFKC_CASEFOLD = 4,
};

/// Normalises `text` in linear time, however long its runs of combining marks are.
int32_t cicu_normalize(int32_t form, const uint8_t *text, size_t length, cicu_buffer *out);

/// The same by ICU alone (quadratic on long runs of marks): the reference that tests compare with.
int32_t cicu_normalize_reference(int32_t form, const uint8_t *text, size_t length,
                                 cicu_buffer *out);

// MARK: Case

/// Lower case by the rules of `locale` ("" is the root locale), context rules included.
int32_t cicu_lowercase(const char *locale, const uint8_t *text, size_t length, cicu_buffer *out);

/// Full case folding; `turkic` keeps dotted and dotless i apart.
int32_t cicu_fold_case(int32_t turkic, const uint8_t *text, size_t length, cicu_buffer *out);

// MARK: Boundaries

enum {
  CICU_GRAPHEMES = 0,
  CICU_WORDS = 1,
  CICU_SENTENCES = 2,
  /// Words by UAX #29 itself, where `CICU_WORDS` has CLDR's changes: a colon joins letters, an at
  /// sign is no letter.
  CICU_WORDS_UAX29 = 3,
};

typedef struct cicu_breaker cicu_breaker;

/// A break iterator of the root locale; null on failure, with `status` set.
cicu_breaker *cicu_breaker_open(int32_t unit, int32_t *status);
void cicu_breaker_close(cicu_breaker *breaker);

/// Writes the end of each segment to `ends` and, for words, whether the segment is word-like
/// (letters, digits, kana, ideographs) to `is_word`. Both have room for `length` elements, the most
/// there can be.
int32_t cicu_breaker_find(cicu_breaker *breaker, const uint8_t *text, size_t length, uint32_t *ends,
                          uint8_t *is_word, size_t *count);

// MARK: Transliteration

typedef struct cicu_transliterator cicu_transliterator;

/// Opens a transliterator by id ("Any-Latin; Latin-ASCII") or, where no such id is known, by rules
/// ("ä > ae;"). Null on failure, with `status` set and the cause in `message` (NUL-terminated).
cicu_transliterator *cicu_transliterator_open(const char *rules, int32_t *status, char *message,
                                              size_t message_capacity);
/// A copy for another thread; null where memory is short.
cicu_transliterator *cicu_transliterator_clone(const cicu_transliterator *original);
void cicu_transliterator_close(cicu_transliterator *transliterator);
int32_t cicu_transliterate(const cicu_transliterator *transliterator, const uint8_t *text,
                           size_t length, cicu_buffer *out);

// MARK: Properties

enum {
  CICU_MASK_NONSPACING_MARK = 1,
  CICU_MASK_PUNCTUATION = 2,
  CICU_MASK_SYMBOL = 4,
};

/// Classes of scalars for word boundaries (Word_Break of UAX #29), save that ZWJ stands apart from
/// Extend and Format, and that scripts which ICU cuts by rules beside UAX #29 are one class.
enum {
  CICU_WORD_OTHER = 0,
  CICU_WORD_CR = 1,
  CICU_WORD_LF = 2,
  CICU_WORD_NEWLINE = 3,
  /// Extend and Format.
  CICU_WORD_EXTEND = 4,
  CICU_WORD_ZWJ = 5,
  CICU_WORD_REGIONAL = 6,
  CICU_WORD_HEBREW = 7,
  CICU_WORD_LETTER = 8,
  CICU_WORD_SINGLE_QUOTE = 9,
  CICU_WORD_DOUBLE_QUOTE = 10,
  CICU_WORD_MID_NUM_LET = 11,
  CICU_WORD_MID_LETTER = 12,
  CICU_WORD_MID_NUM = 13,
  CICU_WORD_NUMERIC = 14,
  CICU_WORD_EXTEND_NUM_LET = 15,
  CICU_WORD_SPACE = 16,
  /// Ideographs, kana, Hangul syllables, Thai and other scripts without spaces.
  CICU_WORD_DICTIONARY = 17,
  /// A flag beside the class: Extended_Pictographic.
  CICU_WORD_PICTOGRAPHIC = 128,
};

/// The classes of the 256 scalars from `first` on.
void cicu_word_classes(uint32_t first, uint8_t classes[256]);

/// Copies the text without the scalars of the classes in `mask`.
int32_t cicu_remove_classes(uint32_t mask, const uint8_t *text, size_t length, cicu_buffer *out);

/// The two-letter General_Category of a scalar, as `first << 8 | second` ("Lu" is 0x4C75).
uint16_t cicu_general_category(uint32_t scalar);
uint8_t cicu_combining_class(uint32_t scalar);
int32_t cicu_is_punctuation(uint32_t scalar);
int32_t cicu_is_white_space(uint32_t scalar);

/// The General_Category of a scalar as one bit of a mask: bit `n` is ICU's `UCharCategory` `n`.
uint32_t cicu_category_mask(uint32_t scalar);
/// The simple lower case of a scalar (no context, one scalar for one).
uint32_t cicu_lowercase_scalar(uint32_t scalar);
/// The Script of a scalar, by ICU's number.
int32_t cicu_script(uint32_t scalar);
/// Whether a scalar matches \w of a regular expression (UTS #18, Annex C).
int32_t cicu_is_word(uint32_t scalar);
/// The full decomposition of a scalar (CICU_NFD or CICU_NFKD) to at most 32 scalars; gives their
/// number, 0 where the scalar stands for itself.
int32_t cicu_decompose(int32_t form, uint32_t scalar, uint32_t decomposed[32]);
/// The primary composite of two scalars, 0 where there is none.
uint32_t cicu_compose(uint32_t first, uint32_t second);

// MARK: Regular expressions

typedef struct cicu_regex cicu_regex;

/// Compiles a pattern in ICU's syntax. Null on failure, with `status` set and in `offset` the place
/// in the pattern (UTF-16 code units).
cicu_regex *cicu_regex_open(const uint8_t *pattern, size_t length, int32_t *status,
                            int32_t *offset);
void cicu_regex_close(cicu_regex *regex);
/// Begins to search in `text`, which must outlive the search.
int32_t cicu_regex_begin(cicu_regex *regex, const uint8_t *text, size_t length);
/// Finds the next match and its byte range; `found` is 0 at the end.
int32_t cicu_regex_next(cicu_regex *regex, int32_t *found, size_t *start, size_t *end);

/// ICU's version and that of its Unicode data, for example "72.1" and "15.0" (at most 16 bytes
/// each, with the NUL).
void cicu_version(char icu[16], char unicode[16]);

#ifdef __cplusplus
}
#endif
#endif
