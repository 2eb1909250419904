import CICU

/// What UAX #29 wants to know of a scalar, looked up in blocks of 256 that ICU fills when they are
/// first met.
struct WordClasses {
  /// One byte: a class of `CICU`, and a flag for Extended_Pictographic.
  struct Class: Hashable {
    let raw: UInt8

    @inline(__always) var kind: UInt8 { raw & ~UInt8(CICU_WORD_PICTOGRAPHIC) }
    @inline(__always) var isPictographic: Bool { raw & UInt8(CICU_WORD_PICTOGRAPHIC) != 0 }
    @inline(__always) var isExtending: Bool { kind == Self.extend || kind == Self.joiner }
    @inline(__always) var isLineEnd: Bool { Self.lineEnds.contains(kind) }
    @inline(__always) var isLetter: Bool { kind == Self.letter || kind == Self.hebrew }

    static let other = UInt8(CICU_WORD_OTHER)
    static let carriageReturn = UInt8(CICU_WORD_CR)
    static let lineFeed = UInt8(CICU_WORD_LF)
    static let lineEnds = UInt8(CICU_WORD_CR)...UInt8(CICU_WORD_NEWLINE)
    static let extend = UInt8(CICU_WORD_EXTEND)
    static let joiner = UInt8(CICU_WORD_ZWJ)
    static let regional = UInt8(CICU_WORD_REGIONAL)
    static let hebrew = UInt8(CICU_WORD_HEBREW)
    static let letter = UInt8(CICU_WORD_LETTER)
    static let singleQuote = UInt8(CICU_WORD_SINGLE_QUOTE)
    static let doubleQuote = UInt8(CICU_WORD_DOUBLE_QUOTE)
    static let midNumberOrLetter = UInt8(CICU_WORD_MID_NUM_LET)
    static let midLetter = UInt8(CICU_WORD_MID_LETTER)
    static let midNumber = UInt8(CICU_WORD_MID_NUM)
    static let number = UInt8(CICU_WORD_NUMERIC)
    static let connector = UInt8(CICU_WORD_EXTEND_NUM_LET)
    static let space = UInt8(CICU_WORD_SPACE)
    static let dictionary = UInt8(CICU_WORD_DICTIONARY)
  }

  private static let blockCount = 0x1100
  /// Where each block of 256 scalars stands in `classes`; -1 where it does not yet.
  private var blocks = [Int32](repeating: -1, count: blockCount)
  private var classes: [UInt8] = []

  /// The class of the scalar at `i` of well-formed text, and the scalar's length.
  @inline(__always)
  mutating func scalar(
    at i: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> (class: Class, length: Int) {
    let lead = text[i]
    if lead < 0x80 { return (self[UInt32(lead)], 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    for next in i + 1..<min(i + length, text.count) {
      scalar = scalar << 6 | UInt32(text[next] & 0x3F)
    }
    return (self[scalar], length)
  }

  @inline(__always)
  private subscript(scalar: UInt32) -> Class {
    mutating get {
      let block = Int(scalar >> 8)
      if blocks[block] < 0 { fill(block) }
      return Class(raw: classes[Int(blocks[block]) + Int(scalar & 0xFF)])
    }
  }

  private mutating func fill(_ block: Int) {
    blocks[block] = Int32(classes.count)
    let room = [UInt8](unsafeUninitializedCapacity: 256) { room, count in
      cicu_word_classes(UInt32(block) << 8, room.baseAddress)
      count = 256
    }
    classes += room
  }
}
