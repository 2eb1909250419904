#include "support.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <unicode/rep.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <vector>

namespace {

/// The source bytes that a UTF-16 unit stands for.
struct Origin {
  uint32_t start;
  uint32_t end;
};

/// The text under transliteration, as UTF-16 with a gap where the last change was: rules work from
/// left to right, so a change costs its own length, where `UnicodeString` would move the whole rest
/// and make a long record quadratic. Beside each unit stands where it came from.
class GapText final : public icu::Replaceable {
public:
  GapText(const uint8_t *text, size_t length, bool tracksOrigins) : tracks_(tracksOrigins) {
    sourceLength_ = uint32_t(length);
    for (size_t i = 0; i < length;) {
      const size_t start = i;
      UChar32 scalar;
      U8_NEXT_OR_FFFD(text, i, length, scalar);
      char16_t pair[U16_MAX_LENGTH];
      int32_t count = 0;
      U16_APPEND_UNSAFE(pair, count, scalar);
      for (int32_t k = 0; k < count; k++) {
        units_.push_back(pair[k]);
        if (tracks_) origins_.push_back({uint32_t(start), uint32_t(i)});
      }
    }
    gapStart_ = gapEnd_ = units_.size();
  }

  void extractBetween(int32_t start, int32_t limit, icu::UnicodeString &target) const override {
    target.remove();
    const size_t middle = std::clamp(gapStart_, size_t(start), size_t(limit));
    target.append(units_.data() + start, int32_t(middle) - start);
    target.append(units_.data() + middle + gap(), limit - int32_t(middle));
  }

  void handleReplaceBetween(int32_t start, int32_t limit, const icu::UnicodeString &text) override {
    const Origin origin = tracks_ ? originOf(size_t(start), size_t(limit)) : Origin{0, 0};
    moveGap(size_t(start));
    gapEnd_ += size_t(limit - start);
    const size_t count = size_t(text.length());
    makeRoom(count);
    text.extract(0, text.length(), units_.data() + gapStart_);
    if (tracks_) std::fill_n(origins_.begin() + ptrdiff_t(gapStart_), count, origin);
    gapStart_ += count;
  }

  void copy(int32_t start, int32_t limit, int32_t destination) override {
    icu::UnicodeString text;
    extractBetween(start, limit, text);
    std::vector<Origin> copied;
    if (tracks_) {
      for (int32_t i = start; i < limit; i++) copied.push_back(origins_[place(size_t(i))]);
    }
    handleReplaceBetween(destination, destination, text);
    std::copy(copied.begin(), copied.end(),
              origins_.begin() + ptrdiff_t(gapStart_ - (tracks_ ? copied.size() : 0)));
  }

  UBool hasMetaData() const override { return tracks_; }

  /// Writes the text as UTF-8; an unpaired surrogate that rules made becomes U+FFFD.
  int32_t write(cicu_buffer *out) {
    moveGap(size_t(getLength()));
    size_t written = 0;
    for (size_t i = 0; i < gapStart_;) {
      const size_t start = i;
      UChar32 scalar;
      U16_NEXT(units_.data(), i, gapStart_, scalar);
      if (U_IS_SURROGATE(scalar)) scalar = 0xFFFD;
      uint8_t bytes[U8_MAX_LENGTH];
      size_t count = 0;
      U8_APPEND_UNSAFE(bytes, count, scalar);
      if (written + count <= out->capacity) {
        std::copy_n(bytes, count, out->bytes + written);
        for (size_t k = 0; out->starts && k < count; k++) {
          out->starts[written + k] = std::min(origins_[start].start, origins_[i - 1].start);
          out->ends[written + k] = std::max(origins_[start].end, origins_[i - 1].end);
        }
      }
      written += count;
    }
    out->length = written;
    return written <= out->capacity ? CICU_OK : CICU_BUFFER_TOO_SMALL;
  }

protected:
  int32_t getLength() const override { return int32_t(units_.size() - gap()); }

  char16_t getCharAt(int32_t offset) const override {
    if (offset < 0 || offset >= getLength()) return 0xFFFF;
    return units_[place(size_t(offset))];
  }

  UChar32 getChar32At(int32_t offset) const override {
    const char16_t unit = getCharAt(offset);
    if (U16_IS_LEAD(unit) && U16_IS_TRAIL(getCharAt(offset + 1))) {
      return U16_GET_SUPPLEMENTARY(unit, getCharAt(offset + 1));
    }
    if (U16_IS_TRAIL(unit) && U16_IS_LEAD(getCharAt(offset - 1))) {
      return U16_GET_SUPPLEMENTARY(getCharAt(offset - 1), unit);
    }
    return unit;
  }

private:
  size_t gap() const { return gapEnd_ - gapStart_; }
  size_t place(size_t offset) const { return offset < gapStart_ ? offset : offset + gap(); }

  /// What a replacement of `start..<limit` stands for: all that it replaces, or, for an insertion,
  /// the place between its neighbours.
  Origin originOf(size_t start, size_t limit) const {
    if (start == limit) {
      const uint32_t at = start < size_t(getLength()) ? origins_[place(start)].start : sourceLength_;
      return {at, at};
    }
    Origin origin{UINT32_MAX, 0};
    for (size_t i = start; i < limit; i++) {
      origin.start = std::min(origin.start, origins_[place(i)].start);
      origin.end = std::max(origin.end, origins_[place(i)].end);
    }
    return origin;
  }

  /// Puts the gap directly before `start`.
  void moveGap(size_t start) {
    if (start < gapStart_) {
      const size_t moved = gapStart_ - start;
      shift(gapEnd_ - moved, start, moved);
      gapStart_ -= moved;
      gapEnd_ -= moved;
    } else {
      const size_t moved = start - gapStart_;
      shift(gapStart_, gapEnd_, moved);
      gapStart_ += moved;
      gapEnd_ += moved;
    }
  }

  void shift(size_t to, size_t from, size_t count) {
    std::char_traits<char16_t>::move(units_.data() + to, units_.data() + from, count);
    if (tracks_ && count) {
      std::char_traits<char>::move(reinterpret_cast<char *>(origins_.data() + to),
                                   reinterpret_cast<const char *>(origins_.data() + from),
                                   count * sizeof(Origin));
    }
  }

  void makeRoom(size_t count) {
    if (gap() >= count) return;
    if (units_.size() + count > cicu::longestText) throw std::bad_alloc();
    const size_t growth = count + units_.size();
    units_.insert(units_.begin() + ptrdiff_t(gapEnd_), growth, u'\0');
    if (tracks_) origins_.insert(origins_.begin() + ptrdiff_t(gapEnd_), growth, Origin{0, 0});
    gapEnd_ += growth;
  }

  bool tracks_;
  uint32_t sourceLength_;
  std::vector<char16_t> units_;
  std::vector<Origin> origins_;
  size_t gapStart_;
  size_t gapEnd_;
};

} // namespace

struct cicu_transliterator {
  std::unique_ptr<icu::Transliterator> rules;
};

cicu_transliterator *cicu_transliterator_open(const char *rules, int32_t *status, char *message,
                                              size_t message_capacity) {
  std::unique_ptr<cicu_transliterator> result;
  *status = cicu::guarded([&]() -> int32_t {
    const auto text = icu::UnicodeString::fromUTF8(rules);
    UErrorCode code = U_ZERO_ERROR;
    UParseError place = {};
    result = std::make_unique<cicu_transliterator>();
    result->rules.reset(icu::Transliterator::createInstance(text, UTRANS_FORWARD, place, code));
    if (U_SUCCESS(code) && result->rules) return CICU_OK;
    const UErrorCode asId = code;
    code = U_ZERO_ERROR;
    place = {};
    result->rules.reset(icu::Transliterator::createFromRules(icu::UnicodeString("seqtool"), text,
                                                             UTRANS_FORWARD, place, code));
    if (U_SUCCESS(code) && result->rules) return CICU_OK;
    snprintf(message, message_capacity, "as an id: %s; as rules: %s at line %d, offset %d",
             u_errorName(asId), u_errorName(code), int(place.line), int(place.offset));
    return CICU_BAD_ARGUMENT;
  });
  return *status == CICU_OK ? result.release() : nullptr;
}

cicu_transliterator *cicu_transliterator_clone(const cicu_transliterator *original) {
  std::unique_ptr<cicu_transliterator> result;
  cicu::guarded([&]() -> int32_t {
    result = std::make_unique<cicu_transliterator>();
    result->rules.reset(original->rules->clone());
    return CICU_OK;
  });
  return result && result->rules ? result.release() : nullptr;
}

void cicu_transliterator_close(cicu_transliterator *transliterator) { delete transliterator; }

int32_t cicu_transliterate(const cicu_transliterator *transliterator, const uint8_t *text,
                           size_t length, cicu_buffer *out) {
  return cicu::guarded([&]() -> int32_t {
    if (length > cicu::longestText) return CICU_BAD_ARGUMENT;
    GapText work(text, length, out->starts != nullptr);
    transliterator->rules->transliterate(work);
    return work.write(out);
  });
}
