import CICU

/// A normal form of Unicode (UAX #15), or none.
public enum NormalForm: String, Codable, Sendable, CaseIterable {
  case nfc
  case nfd
  case nfkc
  case nfkd
  /// NFKC_Casefold (Unicode Standard 3.13, R5): compatibility composition, full case folding, and
  /// default ignorable scalars removed, in one pass.
  case nfkcCasefold = "nfkc-casefold"
  /// Text stays as it is.
  case none

  /// The form's number in `CICU`; nil for `none`.
  var number: Int32? {
    switch self {
    case .nfc: Int32(CICU_NFC)
    case .nfd: Int32(CICU_NFD)
    case .nfkc: Int32(CICU_NFKC)
    case .nfkd: Int32(CICU_NFKD)
    case .nfkcCasefold: Int32(CICU_NFKC_CASEFOLD)
    case .none: nil
    }
  }
}

extension RecordBuffer {
  /// Replaces the content by `text` in a normal form of `CICU`. Linear in the length of the text,
  /// also where it is one run of combining marks.
  mutating func normalize(_ text: UnsafeBufferPointer<UInt8>, to form: Int32) throws {
    try fill("normalise", expecting: text.count + text.count / 2 + 16) {
      cicu_normalize(form, text.baseAddress, text.count, $0)
    }
  }

  /// Replaces the content by `text` without the scalars of the classes in `mask`.
  mutating func copy(_ text: UnsafeBufferPointer<UInt8>, removing mask: Int) throws {
    try fill("read scalar classes", expecting: text.count) {
      cicu_remove_classes(UInt32(mask), text.baseAddress, text.count, $0)
    }
  }
}
