/// Runs of word scalars, or what stands between them: what `\w+` gives, by a table.
struct WordRunCutter: Cutter {
  static let pattern = #"\w+"#

  private let gaps: Bool
  private let isWord = ScalarTable { first, isWord in
    for i in 0..<256 { isWord[i] = ScalarClass.isWord(first + UInt32(i)) ? 1 : 0 }
  }

  /// - Parameter gaps: Whether tokens are what stands between the runs.
  init(gaps: Bool) {
    self.gaps = gaps
  }

  func cut(
    _ record: UnsafeBufferPointer<UInt8>, at base: Int, into tokens: inout TokenWriter
  ) throws {
    var i = 0
    while i < record.count {
      let begin = end(of: 0, from: i, in: record)
      let end = end(of: 1, from: begin, in: record)
      let (from, to) = gaps ? (i, begin) : (begin, end)
      if to > from { tokens.append(base + from, base + to) }
      i = end
    }
  }

  /// Where the run ends of scalars whose entry is `kind`.
  @inline(__always)
  private func end(of kind: UInt8, from begin: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    var i = begin
    while i < text.count {
      let (scalar, end) = UTF8Step.scalar(at: i, in: text)
      if isWord[scalar] != kind { break }
      i = end
    }
    return i
  }
}
