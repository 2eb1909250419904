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
  bool isKnown() const { return start <= end; }
};

constexpr Origin unknownOrigin{1, 0};

/// UTF-16 units and where each came from, with a gap at the place of the last change.
class GapBuffer {
public:
  explicit GapBuffer(bool tracksOrigins) : tracks_(tracksOrigins) {}

  size_t size() const { return units_.size() - gap(); }
  char16_t unit(size_t i) const { return units_[place(i)]; }
  Origin origin(size_t i) const { return origins_[place(i)]; }
  void setOrigin(size_t i, Origin origin) { origins_[place(i)] = origin; }

  void extract(size_t start, size_t limit, icu::UnicodeString &target) const {
    const size_t middle = std::clamp(gapStart_, start, limit);
    target.append(units_.data() + start, int32_t(middle - start));
    target.append(units_.data() + middle + gap(), int32_t(limit - middle));
  }

  /// Replaces `start..<limit` by `count` units, all of one origin.
  void replace(size_t start, size_t limit, const char16_t *text, size_t count, Origin origin) {
    moveGap(start);
    gapEnd_ += limit - start;
    makeRoom(count);
    std::copy_n(text, count, units_.begin() + ptrdiff_t(gapStart_));
    if (tracks_) std::fill_n(origins_.begin() + ptrdiff_t(gapStart_), count, origin);
    gapStart_ += count;
  }

private:
  size_t gap() const { return gapEnd_ - gapStart_; }
  size_t place(size_t i) const { return i < gapStart_ ? i : i + gap(); }

  void moveGap(size_t start) {
    if (start < gapStart_) {
      const size_t moved = gapStart_ - start;
      shift(start, gapStart_, gapEnd_ - moved);
      gapStart_ -= moved;
      gapEnd_ -= moved;
    } else {
      const size_t moved = start - gapStart_;
      shift(gapEnd_, gapEnd_ + moved, gapStart_);
      gapStart_ += moved;
      gapEnd_ += moved;
    }
  }

  void shift(size_t from, size_t limit, size_t to) {
    const auto move = [&](auto &values) {
      const auto begin = values.begin() + ptrdiff_t(from), end = values.begin() + ptrdiff_t(limit);
      if (to < from) {
        std::move(begin, end, values.begin() + ptrdiff_t(to));
      } else {
        std::move_backward(begin, end, values.begin() + ptrdiff_t(to + (limit - from)));
      }
    };
    move(units_);
    if (tracks_) move(origins_);
  }

  void makeRoom(size_t count) {
    if (gap() >= count) return;
    if (units_.size() + count > cicu::longestText) throw std::bad_alloc();
    const size_t growth = count + units_.size();
    units_.insert(units_.begin() + ptrdiff_t(gapEnd_), growth, u'\0');
    if (tracks_) origins_.insert(origins_.begin() + ptrdiff_t(gapEnd_), growth, unknownOrigin);
    gapEnd_ += growth;
  }

  bool tracks_;
  std::vector<char16_t> units_;
  std::vector<Origin> origins_;
  size_t gapStart_ = 0;
  size_t gapEnd_ = 0;
};

/// The text under transliteration.
///
/// Rules work from left to right, so in a gap buffer a change costs its own length, where
/// `UnicodeString` would move the whole rest and make a long record quadratic. ICU builds some
/// replacements behind the end of the text, copies them into place and deletes the copy: what stands
/// behind the end is kept apart (`tail_`), so that this does not move the gap to and fro.
class RuleText final : public icu::Replaceable {
public:
  RuleText(const uint8_t *text, size_t length, bool tracksOrigins)
      : tracks_(tracksOrigins), sourceLength_(uint32_t(length)), main_(tracksOrigins),
        tail_(tracksOrigins) {
    for (size_t i = 0; i < length;) {
      const size_t start = i;
      UChar32 scalar;
      U8_NEXT_OR_FFFD(text, i, length, scalar);
      char16_t units[U16_MAX_LENGTH];
      size_t count = 0;
      U16_APPEND_UNSAFE(units, count, scalar);
      main_.replace(main_.size(), main_.size(), units, count, {uint32_t(start), uint32_t(i)});
    }
  }

  void extractBetween(int32_t start, int32_t limit, icu::UnicodeString &target) const override {
    const size_t border = main_.size();
    target.remove();
    main_.extract(std::min(size_t(start), border), std::min(size_t(limit), border), target);
    tail_.extract(std::max(size_t(start), border) - border,
                  std::max(size_t(limit), border) - border, target);
  }

  void handleReplaceBetween(int32_t start, int32_t limit, const icu::UnicodeString &text) override {
    const size_t border = main_.size();
    const size_t count = size_t(text.length());
    if (size_t(start) >= border) {
      tail_.replace(size_t(start) - border, size_t(limit) - border, text.getBuffer(), count,
                    unknownOrigin);
      return;
    }
    if (size_t(limit) > border) joinTail();
    const Origin origin = tracks_ ? originOf(size_t(start), size_t(limit)) : unknownOrigin;
    main_.replace(size_t(start), size_t(limit), text.getBuffer(), count, origin);
    if (tracks_ && count == 0) assignOrigin(size_t(start), origin);
  }

  void copy(int32_t start, int32_t limit, int32_t destination) override {
    icu::UnicodeString text;
    extractBetween(start, limit, text);
    std::vector<Origin> origins;
    for (int32_t i = start; tracks_ && i < limit; i++) origins.push_back(origin(size_t(i)));
    const size_t border = main_.size();
    if (size_t(destination) > border || (size_t(destination) == border && size_t(limit) <= border)) {
      tail_.replace(size_t(destination) - border, size_t(destination) - border, text.getBuffer(),
                    size_t(text.length()), unknownOrigin);
    } else {
      main_.replace(size_t(destination), size_t(destination), text.getBuffer(),
                    size_t(text.length()), unknownOrigin);
    }
    for (size_t i = 0; i < origins.size(); i++) setOrigin(size_t(destination) + i, origins[i]);
  }

  UBool hasMetaData() const override { return tracks_; }

  /// Writes the text as UTF-8; an unpaired surrogate that rules made becomes U+FFFD.
  int32_t write(cicu_buffer *out) {
    joinTail();
    if (tracks_) settleOrigins();
    size_t written = 0;
    for (size_t i = 0; i < main_.size();) {
      const size_t start = i;
      const UChar32 scalar = getChar32At(int32_t(i));
      i += U16_LENGTH(scalar);
      uint8_t bytes[U8_MAX_LENGTH];
      size_t count = 0;
      U8_APPEND_UNSAFE(bytes, count, U_IS_SURROGATE(scalar) ? 0xFFFD : scalar);
      for (size_t k = 0; k < count && written + count <= out->capacity; k++) {
        out->bytes[written + k] = bytes[k];
        if (!out->starts) continue;
        out->starts[written + k] = std::min(main_.origin(start).start, main_.origin(i - 1).start);
        out->ends[written + k] = std::max(main_.origin(start).end, main_.origin(i - 1).end);
      }
      written += count;
    }
    out->length = written;
    return written <= out->capacity ? CICU_OK : CICU_BUFFER_TOO_SMALL;
  }

protected:
  int32_t getLength() const override { return int32_t(main_.size() + tail_.size()); }

  char16_t getCharAt(int32_t offset) const override {
    if (offset < 0 || offset >= getLength()) return 0xFFFF;
    const size_t border = main_.size(), i = size_t(offset);
    return i < border ? main_.unit(i) : tail_.unit(i - border);
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
  Origin origin(size_t i) const {
    return i < main_.size() ? main_.origin(i) : tail_.origin(i - main_.size());
  }

  void setOrigin(size_t i, Origin origin) {
    if (i < main_.size()) {
      main_.setOrigin(i, origin);
    } else {
      tail_.setOrigin(i - main_.size(), origin);
    }
  }

  /// What a replacement of `start..<limit` stands for: all that it replaces, or, for an insertion,
  /// the place before its neighbour.
  Origin originOf(size_t start, size_t limit) const {
    Origin whole = unknownOrigin;
    for (size_t i = start; i < limit; i++) {
      const Origin origin = main_.origin(i);
      if (!origin.isKnown()) continue;
      whole = whole.isKnown() ? Origin{std::min(whole.start, origin.start),
                                       std::max(whole.end, origin.end)}
                              : origin;
    }
    if (whole.isKnown() || start < limit) return whole;
    const uint32_t at = start < main_.size() ? main_.origin(start).start : sourceLength_;
    return {at, at};
  }

  /// ICU copies a finished replacement before what it replaces and then deletes that: the deleted
  /// is what the new units before it stand for.
  void assignOrigin(size_t end, Origin origin) {
    for (size_t i = end; i > 0 && !main_.origin(i - 1).isKnown(); i--) main_.setOrigin(i - 1, origin);
  }

  /// Units that nothing was said of stand for the place behind the unit before them.
  void settleOrigins() {
    uint32_t at = 0;
    for (size_t i = 0; i < main_.size(); i++) {
      if (!main_.origin(i).isKnown()) main_.setOrigin(i, {at, at});
      at = main_.origin(i).end;
    }
  }

  void joinTail() {
    for (size_t i = 0; i < tail_.size(); i++) {
      const char16_t unit = tail_.unit(i);
      const Origin origin = tracks_ ? tail_.origin(i) : unknownOrigin;
      main_.replace(main_.size(), main_.size(), &unit, 1, origin);
    }
    tail_ = GapBuffer(tracks_);
  }

  bool tracks_;
  uint32_t sourceLength_;
  GapBuffer main_;
  GapBuffer tail_;
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
    RuleText work(text, length, out->starts != nullptr);
    transliterator->rules->transliterate(work);
    return work.write(out);
  });
}
