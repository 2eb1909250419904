import CICU

/// What UAX #29 wants to know of a scalar, by ICU.
struct WordClasses {
  /// One byte: a class of `CICU`, and a flag for Extended_Pictographic.
  struct Class: Hashable {
    let raw: UInt8

    @inline(__always) var kind: UInt8 { raw & ~UInt8(CICU_WORD_PICTOGRAPHIC) }
    @inline(__always) var isPictographic: Bool { raw & UInt8(CICU_WORD_PICTOGRAPHIC) != 0 }
    @inline(__always) var isExtending: Bool { kind == Self.extend || kind == Self.joiner }
    @inline(__always) var isLineEnd: Bool { Self.lineEnds.contains(kind) }
    /// Whether a boundary is before the scalar, whatever stands there, unless it is a space behind
    /// another or a line feed behind CR.
    @inline(__always) var opensSegment: Bool { raw == Self.other || raw == Self.space || isLineEnd }
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

  private let table = ScalarTable { cicu_word_classes($0, $1) }

  /// The class of the scalar at `i` of well-formed text, and the scalar's length.
  @inline(__always)
  func scalar(
    at i: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> (class: Class, length: Int) {
    let (scalar, end) = UTF8Step.scalar(at: i, in: text)
    return (Class(raw: table[scalar]), end - i)
  }
}
