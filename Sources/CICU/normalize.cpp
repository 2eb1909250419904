#include "support.hpp"

#include <algorithm>
#include <string>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <vector>

// ICU inserts each combining mark into its run by moving its neighbours, so a run of n marks in
// reverse order costs n^2 / 2 moves. Text with a run of more than `longestUnsortedRun` marks is
// therefore decomposed and sorted here, in linear time; what ICU then sees is in order already.
// Canonical equivalence makes the result the same: normalisation itself begins with that very sort.

namespace {

constexpr size_t longestUnsortedRun = 30;

/// One normal form: ICU's normaliser, and the one that only decomposes by the same data.
struct Form {
  const icu::Normalizer2 *normalizer = nullptr;
  const icu::Normalizer2 *decomposer = nullptr;
  bool dropsIgnorables = false;
};

Form form(int32_t which, UErrorCode &code) {
  using icu::Normalizer2;
  switch (which) {
  case CICU_NFC:
    return {Normalizer2::getNFCInstance(code), Normalizer2::getNFDInstance(code)};
  case CICU_NFD:
    return {Normalizer2::getNFDInstance(code), Normalizer2::getNFDInstance(code)};
  case CICU_NFKC:
    return {Normalizer2::getNFKCInstance(code), Normalizer2::getNFKDInstance(code)};
  case CICU_NFKD:
    return {Normalizer2::getNFKDInstance(code), Normalizer2::getNFKDInstance(code)};
  case CICU_NFKC_CASEFOLD:
    return {Normalizer2::getNFKCCasefoldInstance(code),
            Normalizer2::getInstance(nullptr, "nfkc_cf", UNORM2_DECOMPOSE, code), true};
  default: code = U_ILLEGAL_ARGUMENT_ERROR; return {};
  }
}

/// Whether marks on both sides of `scalar` can never meet in one run. U+0F73 has class 0 yet
/// decomposes to marks, so the class of the decomposition counts, not the scalar's own.
bool dividesRuns(const Form &form, UChar32 scalar) {
  if (!form.decomposer->hasBoundaryBefore(scalar)) return false;
  return !form.dropsIgnorables ||
         !u_hasBinaryProperty(scalar, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/// Whether the text has a run of more than `longestUnsortedRun` marks. Such a run fills a window of
/// twice as many bytes, so one dividing scalar rules out a whole window: most text is skipped.
bool hasLongRun(const Form &form, const uint8_t *text, size_t length) {
  constexpr size_t window = 2 * (longestUnsortedRun + 1);
  size_t begin = 0;
  while (length - begin >= window) {
    size_t back = begin + window;
    bool divided = false;
    while (back > begin && !divided) {
      UChar32 scalar;
      // The window may end inside a scalar: step back to where one begins.
      do --back;
      while (back > begin && U8_IS_TRAIL(text[back]));
      size_t next = back;
      U8_NEXT_OR_FFFD(text, next, length, scalar);
      if (scalar < 0x80 || dividesRuns(form, scalar)) {
        begin = next;
        divided = true;
      }
    }
    if (divided) continue;
    size_t run = 0;
    while (begin < length) {
      size_t next = begin;
      UChar32 scalar;
      U8_NEXT_OR_FFFD(text, next, length, scalar);
      if (dividesRuns(form, scalar)) break;
      begin = next;
      if (++run > longestUnsortedRun) return true;
    }
  }
  return false;
}

/// A decomposed scalar and the source bytes that it came from.
struct Item {
  UChar32 scalar;
  uint32_t start;
  uint32_t end;
  uint8_t combiningClass;
};

/// Full decompositions, remembering the latest: runs of marks have few distinct members.
class Decomposer {
public:
  explicit Decomposer(const Form &form) : form_(form) {}

  void append(UChar32 scalar, uint32_t start, uint32_t end, std::vector<Item> &items) {
    Entry &entry = entries_[size_t(scalar) % entryCount];
    if (entry.scalar != scalar) fill(entry, scalar);
    for (const auto &part : entry.parts) items.push_back({part.scalar, start, end, part.combiningClass});
  }

private:
  struct Entry {
    UChar32 scalar = -1;
    std::vector<Item> parts;
  };
  static constexpr size_t entryCount = 256;

  void fill(Entry &entry, UChar32 scalar) {
    entry.scalar = scalar;
    entry.parts.clear();
    icu::UnicodeString parts;
    if (!form_.decomposer->getDecomposition(scalar, parts)) parts.setTo(scalar);
    for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
      const UChar32 part = parts.char32At(i);
      entry.parts.push_back({part, 0, 0, form_.decomposer->getCombiningClass(part)});
    }
  }

  const Form &form_;
  std::vector<Entry> entries_ = std::vector<Entry>(entryCount);
};

using Run = std::vector<Item>::iterator;

/// Sorts one run of marks by class, stably and in linear time: there are 256 classes.
void sortRun(Run begin, Run end, std::vector<Item> &sorted) {
  size_t places[257] = {};
  for (Run item = begin; item != end; ++item) places[item->combiningClass + 1]++;
  for (size_t i = 1; i < 257; i++) places[i] += places[i - 1];
  sorted.resize(size_t(end - begin));
  for (Run item = begin; item != end; ++item) sorted[places[item->combiningClass]++] = *item;
  std::copy(sorted.begin(), sorted.end(), begin);
}

/// The same by insertion: faster for the usual few.
void sortShortRun(Run begin, Run end) {
  for (Run item = begin; item != end; ++item) {
    const Item moved = *item;
    Run place = item;
    for (; place != begin && (place - 1)->combiningClass > moved.combiningClass; --place) {
      *place = *(place - 1);
    }
    *place = moved;
  }
}

/// Lets every item of a run, and what shares a source scalar with it, stand for the whole run: after
/// sorting no single range would keep the order of the text.
void mergeOrigins(Run begin, Run end, std::vector<Item> &items) {
  const uint32_t from = begin->start, to = (end - 1)->end;
  const uint32_t last = (end - 1)->start;
  while (begin != items.begin() && (begin - 1)->start == from) --begin;
  while (end != items.end() && end->start == last) ++end;
  for (Run item = begin; item != end; ++item) {
    item->start = from;
    item->end = to;
  }
}

/// Canonical ordering (Unicode Standard 3.11, D108 and D109): sorts every run of marks.
void sortMarks(std::vector<Item> &items) {
  const auto isStarter = [](const Item &item) { return item.combiningClass == 0; };
  const auto precedes = [](const Item &a, const Item &b) {
    return a.combiningClass < b.combiningClass;
  };
  std::vector<Item> scratch;
  for (Run begin = items.begin(); begin != items.end();) {
    begin = std::find_if_not(begin, items.end(), isStarter);
    const Run end = std::find_if(begin, items.end(), isStarter);
    if (!std::is_sorted(begin, end, precedes)) {
      mergeOrigins(begin, end, items);
      if (size_t(end - begin) > longestUnsortedRun) {
        sortRun(begin, end, scratch);
      } else {
        sortShortRun(begin, end);
      }
    }
    begin = end;
  }
}

/// The items as UTF-8.
std::string encode(const std::vector<Item> &items) {
  std::string result;
  result.reserve(items.size() * 2);
  for (const Item &item : items) {
    uint8_t bytes[U8_MAX_LENGTH];
    size_t count = 0;
    U8_APPEND_UNSAFE(bytes, count, item.scalar);
    result.append(reinterpret_cast<const char *>(bytes), count);
  }
  return result;
}

/// Replaces an alignment to the encoded items by one to what the items came from.
void composeAlignment(const std::vector<Item> &items, size_t encodedLength, cicu_buffer *out) {
  std::vector<uint32_t> itemAt(encodedLength);
  size_t offset = 0;
  for (size_t i = 0; i < items.size(); i++) {
    for (int k = U8_LENGTH(items[i].scalar); k > 0; k--) itemAt[offset++] = uint32_t(i);
  }
  // Neighbours in one replacement share one range: it is looked through once.
  uint32_t knownStart = 0, knownEnd = 0, start = 0, end = 0;
  for (size_t i = 0; i < out->length; i++) {
    if (i == 0 || out->starts[i] != knownStart || out->ends[i] != knownEnd) {
      knownStart = out->starts[i];
      knownEnd = out->ends[i];
      start = UINT32_MAX;
      end = 0;
      for (size_t byte = knownStart; byte < knownEnd; byte++) {
        start = std::min(start, items[itemAt[byte]].start);
        end = std::max(end, items[itemAt[byte]].end);
      }
    }
    out->starts[i] = start;
    out->ends[i] = end;
  }
}

int32_t normalizeByICU(const icu::Normalizer2 &normalizer, const uint8_t *text, size_t length,
                       cicu_buffer *out) {
  return cicu::run(text, length, out, [&](icu::ByteSink &sink, icu::Edits *edits, UErrorCode &code) {
    normalizer.normalizeUTF8(0, cicu::piece(text, length), sink, edits, code);
  });
}

/// Decomposes and sorts the text here, and leaves to ICU what is then linear.
int32_t normalizeSorted(const Form &form, const uint8_t *text, size_t length, cicu_buffer *out) {
  return cicu::guarded([&]() -> int32_t {
    std::vector<Item> items;
    items.reserve(length / 2);
    Decomposer decomposer(form);
    for (size_t i = 0; i < length;) {
      const size_t start = i;
      UChar32 scalar;
      U8_NEXT_OR_FFFD(text, i, length, scalar);
      decomposer.append(scalar, uint32_t(start), uint32_t(i), items);
    }
    sortMarks(items);
    const std::string sorted = encode(items);
    const int32_t status =
        normalizeByICU(*form.normalizer, reinterpret_cast<const uint8_t *>(sorted.data()),
                       sorted.size(), out);
    if (status == CICU_OK && out->starts) composeAlignment(items, sorted.size(), out);
    return status;
  });
}

} // namespace

int32_t cicu::writeAlignment(const icu::Edits &edits, const uint8_t *text, cicu_buffer *out) {
  UErrorCode code = U_ZERO_ERROR;
  size_t written = 0;
  size_t source = 0;
  const auto write = [&](size_t count, size_t start, size_t end) {
    for (; count > 0 && written < out->length; count--, written++) {
      out->starts[written] = uint32_t(start);
      out->ends[written] = uint32_t(end);
    }
  };
  for (auto edit = edits.getFineIterator(); edit.next(code);) {
    const size_t sourceEnd = source + size_t(edit.oldLength());
    if (edit.hasChange()) {
      write(size_t(edit.newLength()), source, sourceEnd);
    } else {
      while (source < sourceEnd) {
        size_t next = source + 1;
        while (next < sourceEnd && U8_IS_TRAIL(text[next])) next++;
        write(next - source, source, next);
        source = next;
      }
    }
    source = sourceEnd;
  }
  if (U_FAILURE(code)) return status(code);
  return written == out->length ? CICU_OK : CICU_FAILED;
}

int32_t cicu_normalize(int32_t which, const uint8_t *text, size_t length, cicu_buffer *out) {
  UErrorCode code = U_ZERO_ERROR;
  const Form wanted = form(which, code);
  if (U_FAILURE(code)) return cicu::status(code);
  if (length > cicu::longestText) return CICU_BAD_ARGUMENT;
  if (hasLongRun(wanted, text, length)) return normalizeSorted(wanted, text, length, out);
  return normalizeByICU(*wanted.normalizer, text, length, out);
}

int32_t cicu_normalize_reference(int32_t which, const uint8_t *text, size_t length,
                                 cicu_buffer *out) {
  UErrorCode code = U_ZERO_ERROR;
  const Form wanted = form(which, code);
  if (U_FAILURE(code)) return cicu::status(code);
  return normalizeByICU(*wanted.normalizer, text, length, out);
}
