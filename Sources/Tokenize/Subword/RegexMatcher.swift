import CICU

/// A regular expression of a tokenizer; `index` numbers the expressions of one tokenizer.
struct RegexPattern: Sendable, Equatable {
  let source: String
  let index: Int
}

/// An opened regular expression, by ICU, on UTF-8.
final class RegexMatcher {
  private let handle: OpaquePointer

  /// - Throws: `TokenizeError.invalidPattern`.
  init(_ source: String) throws {
    let bytes = Array(source.utf8)
    var status: Int32 = 0
    var offset: Int32 = 0
    guard let handle = cicu_regex_open(bytes, bytes.count, &status, &offset) else {
      throw TokenizeError.invalidPattern(source, offset: Int(offset))
    }
    self.handle = handle
  }

  deinit { cicu_regex_close(handle) }

  /// Calls `body` with the byte range of each match, in order.
  func find(in text: UnsafeBufferPointer<UInt8>, _ body: (Int, Int) -> Void) throws {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    try check(cicu_regex_begin(handle, base, text.count))
    while true {
      var found: Int32 = 0
      var start = 0
      var end = 0
      try check(cicu_regex_next(handle, &found, &start, &end))
      if found == 0 { return }
      body(start, end)
    }
  }

  private func check(_ status: Int32) throws {
    guard status == Int32(CICU_OK) else {
      throw TokenizeError.icu(operation: "match a regular expression", status: status)
    }
  }
}
