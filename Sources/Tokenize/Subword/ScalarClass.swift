import CICU

/// Classes of scalars as the tokenizers' own libraries define them.
enum ScalarClass {
  // Bits of ICU's category mask, which are numbered by UCharCategory.
  private static let letter: UInt32 = 0b11_1110
  private static let mark: UInt32 = 0b1_1100_0000
  private static let number: UInt32 = 0b1110_0000_0000
  private static let nonspacingMark: UInt32 = 1 << 6
  private static let control: UInt32 = 1 << 15
  private static let format: UInt32 = 1 << 16
  private static let privateUse: UInt32 = 1 << 17
  private static let surrogate: UInt32 = 1 << 18
  private static let punctuation: UInt32 =
    1 << 19 | 1 << 20 | 1 << 21 | 1 << 22 | 1 << 23
    | 1 << 28 | 1 << 29

  @inline(__always)
  static func isLetter(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return (scalar | 0x20) &- 0x61 < 26 }
    return cicu_category_mask(scalar) & letter != 0
  }

  @inline(__always)
  static func isNumber(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar &- 0x30 < 10 }
    return cicu_category_mask(scalar) & number != 0
  }

  /// The White_Space property.
  @inline(__always)
  static func isSpace(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar == 0x20 || scalar &- 0x09 < 5 }
    switch scalar {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return true
    default: return false
    }
  }

  /// What \w matches.
  static func isWord(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isLetter(scalar) || isNumber(scalar) || scalar == 0x5F }
    return cicu_is_word(scalar) != 0
  }

  /// ASCII punctuation and symbols, and the categories P* beyond.
  @inline(__always)
  static func isPunctuation(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 {
      return scalar > 0x20 && scalar < 0x7F && !isLetter(scalar) && !isNumber(scalar)
    }
    return cicu_category_mask(scalar) & punctuation != 0
  }

  static func isMark(_ scalar: UInt32) -> Bool { cicu_category_mask(scalar) & mark != 0 }

  static func isNonspacingMark(_ scalar: UInt32) -> Bool {
    cicu_category_mask(scalar) & nonspacingMark != 0
  }

  /// The categories Cc, Cf, Co and Cs.
  static func isOther(_ scalar: UInt32) -> Bool {
    cicu_category_mask(scalar) & (control | format | privateUse | surrogate) != 0
  }
}
