/// Extended grapheme clusters (UAX #29).
struct GraphemeCutter: Cutter {
  private var finder = BreakFinder(.graphemes)

  mutating func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) throws {
    if Self.hasOnlyLoneScalars(record) { return Self.cutScalars(record, at: base, into: &tokens) }
    try finder.find(in: record) { begin, end, _ in tokens.append(base + begin, base + end) }
  }

  /// Cuts text whose scalars are graphemes, save that CR LF is one.
  private static func cutScalars(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) {
    var i = 0
    while i < record.count {
      let begin = i
      i += 1
      if record[begin] < 0x80 {
        if record[begin] == 0x0D, i < record.count, record[i] == 0x0A { i += 1 }
      } else {
        while i < record.count, record[i] & 0xC0 == 0x80 { i += 1 }
      }
      tokens.append(base + begin, base + i)
    }
  }

  /// Whether all scalars are of kinds that never join their neighbours (CR LF aside).
  private static func hasOnlyLoneScalars(_ record: UnsafeBufferPointer<UInt8>) -> Bool {
    var i = 0
    while i < record.count {
      let lead = record[i]
      if lead < 0x80 {
        i += 1
      } else if lead < 0xCC {  // U+0080...U+02FF
        i += 2
      } else if lead < 0xE0 {
        guard i + 1 < record.count else { return false }
        guard isLone(UInt32(lead & 0x1F) << 6 | UInt32(record[i + 1] & 0x3F)) else { return false }
        i += 2
      } else if lead < 0xF0 {
        guard i + 2 < record.count else { return false }
        let low = UInt32(record[i + 1] & 0x3F) << 6 | UInt32(record[i + 2] & 0x3F)
        guard isLone(UInt32(lead & 0x0F) << 12 | low) else { return false }
        i += 3
      } else {
        return false
      }
    }
    return true
  }

  /// Ranges of the BMP from U+0300 without Extend, ZWJ, SpacingMark, Prepend, conjoining jamo and
  /// regional indicators: Greek, Cyrillic, Armenian, Latin with several marks, punctuation, kana,
  /// ideographs, Hangul syllables. Not all such ranges, but those that most text is made of. A test
  /// compares them with ICU.
  @inline(__always)
  private static func isLone(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x370..<0x483, 0x48A..<0x591, 0x1E00..<0x200C, 0x200E..<0x20D0, 0x3030..<0x3099,
      0x309B..<0xA66F, 0xAC00..<0xD7A4, 0xF900..<0xFB1E:
      true
    default: false
    }
  }
}
