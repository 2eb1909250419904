import CICU
import Tokenize

/// ICU asked directly, without our fast paths: what results are compared with.
enum ICUReference {
  /// The text in a normal form of `CICU`, by ICU alone.
  static func normalize(_ text: [UInt8], _ form: Int) throws -> [UInt8] {
    try fill(text) { cicu_normalize_reference(Int32(form), $0.baseAddress, $0.count, $1) }
  }

  static func lowercase(_ text: [UInt8], locale: String = "") throws -> [UInt8] {
    try fill(text) { cicu_lowercase(locale, $0.baseAddress, $0.count, $1) }
  }

  static func foldCase(_ text: [UInt8]) throws -> [UInt8] {
    try fill(text) { cicu_fold_case(0, $0.baseAddress, $0.count, $1) }
  }

  private static func fill(
    _ text: [UInt8],
    _ call: (UnsafeBufferPointer<UInt8>, UnsafeMutablePointer<cicu_buffer>) -> Int32
  ) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: text.count * 18 + 64)
    var buffer = cicu_buffer()
    let status = text.withUnsafeBufferPointer { text in
      bytes.withUnsafeMutableBufferPointer { room in
        buffer.bytes = room.baseAddress
        buffer.capacity = room.count
        return call(text, &buffer)
      }
    }
    guard status == Int32(CICU_OK) else {
      throw TokenizeError.icu(operation: "be the reference", status: status)
    }
    return Array(bytes[..<buffer.length])
  }

  struct Segment: Hashable {
    let bytes: [UInt8]
    let isWord: Bool
  }

  /// The segments of a text, by ICU's break iterator.
  static func segments(_ text: [UInt8], _ unit: Int) throws -> [Segment] {
    try Breaker(unit).segments(text)
  }

  /// A break iterator for many texts: to open one may mean to compile its rules.
  final class Breaker {
    private let handle: OpaquePointer

    init(_ unit: Int) throws {
      var status: Int32 = 0
      guard let handle = cicu_breaker_open(Int32(unit), &status) else {
        throw TokenizeError.icu(operation: "open the reference", status: status)
      }
      self.handle = handle
    }

    deinit { cicu_breaker_close(handle) }

    func segments(_ text: [UInt8]) throws -> [Segment] {
      var ends = [UInt32](repeating: 0, count: text.count)
      var isWord = [UInt8](repeating: 0, count: text.count)
      var count = 0
      let status = cicu_breaker_find(handle, text, text.count, &ends, &isWord, &count)
      guard status == Int32(CICU_OK) else {
        throw TokenizeError.icu(operation: "be the reference", status: status)
      }
      var begin = 0
      return (0..<count).map { i in
        defer { begin = Int(ends[i]) }
        return Segment(bytes: Array(text[begin..<Int(ends[i])]), isWord: isWord[i] != 0)
      }
    }
  }
}

extension NormalForm {
  /// The form's number in `CICU`.
  var icuForm: Int? {
    switch self {
    case .nfc: Int(CICU_NFC)
    case .nfd: Int(CICU_NFD)
    case .nfkc: Int(CICU_NFKC)
    case .nfkd: Int(CICU_NFKD)
    case .nfkcCasefold: Int(CICU_NFKC_CASEFOLD)
    case .none: nil
    }
  }

  static let icuForms = allCases.filter { $0 != .none }
}
