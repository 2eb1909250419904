import CICU

/// An ICU break iterator with room for what it finds. It is opened when first asked, because most
/// text never needs it.
struct BreakFinder {
  /// The numbers are those of `CICU`.
  enum Unit {
    case graphemes
    case words
    case unicodeWords
    case sentences
  }

  private let unit: Unit
  private var breaker: Breaker?
  private var ends: [UInt32] = []
  private var isWord: [UInt8] = []

  init(_ unit: Unit) {
    self.unit = unit
  }

  /// Calls `body` with the begin and end of each segment in `record`, and whether it is word-like.
  mutating func find(
    in record: UnsafeBufferPointer<UInt8>, _ body: (Int, Int, Bool) -> Void
  ) throws {
    if record.isEmpty { return }
    let breaker = try opened()
    if ends.count < record.count {
      let growth = max(record.count, ends.count * 2) - ends.count
      ends.append(contentsOf: repeatElement(0, count: growth))
      isWord.append(contentsOf: repeatElement(0, count: growth))
    }
    var count = 0
    let status = cicu_breaker_find(
      breaker.handle, record.baseAddress, record.count, &ends, &isWord, &count)
    guard status == Int32(CICU_OK) else {
      throw TokenizeError.icu(operation: "find text boundaries", status: status)
    }
    var begin = 0
    for i in 0..<count {
      let end = Int(ends[i])
      body(begin, end, isWord[i] != 0)
      begin = end
    }
  }

  private mutating func opened() throws -> Breaker {
    if let breaker { return breaker }
    let breaker = try Breaker(unit)
    self.breaker = breaker
    return breaker
  }
}

/// Owns the C object.
private final class Breaker {
  let handle: OpaquePointer

  init(_ unit: BreakFinder.Unit) throws {
    let number =
      switch unit {
      case .graphemes: Int32(CICU_GRAPHEMES)
      case .words: Int32(CICU_WORDS)
      case .unicodeWords: Int32(CICU_WORDS_UAX29)
      case .sentences: Int32(CICU_SENTENCES)
      }
    var status: Int32 = 0
    guard let handle = cicu_breaker_open(number, &status) else {
      throw TokenizeError.icu(operation: "open a break iterator", status: status)
    }
    self.handle = handle
  }

  deinit { cicu_breaker_close(handle) }
}
