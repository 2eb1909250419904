import CICU

/// `Lowercase`: the lower case of each scalar by itself, without the context rules of a language.
struct LowercaseNormalizer: TextNormalizer {
  func normalize(_ text: inout AlignedText, _ context: EncodingContext) {
    if text.isASCII {
      ASCII.lowercase.withUnsafeBufferPointer { table in
        text.bytes.withUnsafeMutableBufferPointer { bytes in
          for i in bytes.indices { bytes[i] = table[Int(bytes[i])] }
        }
      }
      return
    }
    Each().normalize(&text, context)
  }

  private struct Each: ScalarNormalizer {
    var changesPlainASCII: Bool { true }

    func rewrite(
      _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
      into output: inout AlignedText
    ) {
      output.append(cicu_lowercase_scalar(scalar), as: source, range.lowerBound)
      // The one scalar whose lower case is two: İ.
      if scalar == 0x130 { output.append(0x307, as: source, range.lowerBound) }
    }
  }
}

/// `StripAccents`: drops marks. It comes after a decomposition.
struct StripAccentsNormalizer: ScalarNormalizer {
  var changesPlainASCII: Bool { false }

  func rewrite(
    _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
    into output: inout AlignedText
  ) {
    if scalar >= 0x300, ScalarClass.isMark(scalar) { return }
    output.append(source, range)
  }
}

/// `Nmt`: drops control characters and turns odd spaces into spaces.
struct NmtNormalizer: ScalarNormalizer {
  var changesPlainASCII: Bool { false }

  func rewrite(
    _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
    into output: inout AlignedText
  ) {
    switch scalar {
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: break
    case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
      output.append(0x20, as: source, range.lowerBound)
    default: output.append(source, range)
    }
  }
}

/// `ByteLevel` as a normaliser: every byte becomes its scalar of `ByteAlphabet`.
struct ByteLevelNormalizer: ScalarNormalizer {
  var changesPlainASCII: Bool { true }

  func rewrite(
    _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
    into output: inout AlignedText
  ) {
    for i in range {
      output.append(
        ByteAlphabet.scalars[Int(source.bytes[i])], as: source,
        i == range.lowerBound ? i : range.upperBound - 1)
    }
  }
}

/// `BertNormalizer`: cleans, sets ideographs apart, strips accents, lowers.
struct BertNormalizer: TextNormalizer {
  let cleansText: Bool
  let separatesIdeographs: Bool
  let stripsAccents: Bool
  let lowers: Bool

  func normalize(_ text: inout AlignedText, _ context: EncodingContext) throws {
    if cleansText { Clean().normalize(&text, context) }
    if separatesIdeographs { Separate().normalize(&text, context) }
    if stripsAccents {
      try UnicodeNormalizer(form: .nfd).normalize(&text, context)
      DropMarks().normalize(&text, context)
    }
    if lowers { LowercaseNormalizer().normalize(&text, context) }
  }

  private struct Clean: ScalarNormalizer {
    var changesPlainASCII: Bool { false }

    func rewrite(
      _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
      into output: inout AlignedText
    ) {
      if ScalarClass.isSpace(scalar), scalar != 0x0B, scalar != 0x0C, scalar != 0x85 {
        output.append(0x20, as: source, range.lowerBound)
      } else if scalar != 0xFFFD, !ScalarClass.isOther(scalar) {
        output.append(source, range)
      }
    }
  }

  private struct Separate: ScalarNormalizer {
    var changesPlainASCII: Bool { false }

    func rewrite(
      _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
      into output: inout AlignedText
    ) {
      switch scalar {
      case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
        0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
        output.append(0x20, as: source, range.lowerBound)
        output.append(source, range)
        output.append(0x20, as: source, range.lowerBound)
      default: output.append(source, range)
      }
    }
  }

  private struct DropMarks: ScalarNormalizer {
    var changesPlainASCII: Bool { false }

    func rewrite(
      _ scalar: UInt32, _ range: Range<Int>, of source: borrowing AlignedText,
      into output: inout AlignedText
    ) {
      if scalar >= 0x300, ScalarClass.isNonspacingMark(scalar) { return }
      output.append(source, range)
    }
  }
}
