#ifndef SEQTOOL_CICU_SUPPORT_HPP
#define SEQTOOL_CICU_SUPPORT_HPP

#include "cicu.h"

#include <new>
#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/stringpiece.h>
#include <unicode/utf8.h>
#include <unicode/utypes.h>

namespace cicu {

/// ICU counts in int32_t, and a result may be larger than its source.
constexpr size_t longestText = size_t(1) << 30;

inline int32_t status(UErrorCode code) {
  if (U_SUCCESS(code)) return CICU_OK;
  switch (code) {
  case U_MEMORY_ALLOCATION_ERROR: return CICU_OUT_OF_MEMORY;
  case U_ILLEGAL_ARGUMENT_ERROR:
  case U_INDEX_OUTOFBOUNDS_ERROR: return CICU_BAD_ARGUMENT;
  case U_BUFFER_OVERFLOW_ERROR: return CICU_BUFFER_TOO_SMALL;
  default: return CICU_FAILED;
  }
}

/// Runs `body` so that no C++ exception leaves the C interface.
template <typename Body> int32_t guarded(const Body &body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return CICU_OUT_OF_MEMORY;
  } catch (...) {
    return CICU_FAILED;
  }
}

inline icu::StringPiece piece(const uint8_t *text, size_t length) {
  return {reinterpret_cast<const char *>(text), int32_t(length)};
}

/// Writes the alignment that `edits` describes: unchanged scalars stand for themselves, every byte
/// of a replacement stands for all that was replaced. `out->length` bytes are covered.
int32_t writeAlignment(const icu::Edits &edits, const uint8_t *text, cicu_buffer *out);

/// Calls `transform(sink, edits)` with a sink on `out` (and edits where an alignment is wanted).
template <typename Transform>
int32_t run(const uint8_t *text, size_t length, cicu_buffer *out, const Transform &transform) {
  return guarded([&]() -> int32_t {
    if (length > longestText) return CICU_BAD_ARGUMENT;
    const size_t room = out->capacity < INT32_MAX ? out->capacity : INT32_MAX;
    icu::CheckedArrayByteSink sink(reinterpret_cast<char *>(out->bytes), int32_t(room));
    icu::Edits edits;
    UErrorCode code = U_ZERO_ERROR;
    transform(sink, out->starts ? &edits : nullptr, code);
    if (U_FAILURE(code) && code != U_BUFFER_OVERFLOW_ERROR) return status(code);
    out->length = size_t(sink.NumberOfBytesAppended());
    if (sink.Overflowed()) return CICU_BUFFER_TOO_SMALL;
    return out->starts ? writeAlignment(edits, text, out) : int32_t(CICU_OK);
  });
}

} // namespace cicu
#endif
