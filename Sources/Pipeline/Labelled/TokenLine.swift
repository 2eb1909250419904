/// One line of a file in columns (as in CoNLL shared tasks): a token and what is known of it, columns
/// between runs of spaces and tabs. A line without a column ends a sentence, and so does one whose
/// first column is `-DOCSTART-`, which marks the beginning of a document.
public struct TokenLine: Sendable {
  /// The columns, as ranges of the line's bytes.
  public let columns: [Range<Int>]
  /// Whether the line is no token but stands between sentences.
  public let isBoundary: Bool

  private static let documentStart = Array("-DOCSTART-".utf8)

  public init(_ line: ArraySlice<UInt8>) {
    var columns: [Range<Int>] = []
    var start = line.startIndex
    for i in line.indices where line[i] == 0x20 || line[i] == 0x09 {
      if i > start { columns.append(start..<i) }
      start = i + 1
    }
    if line.endIndex > start { columns.append(start..<line.endIndex) }
    self.columns = columns
    isBoundary = columns.first.map { line[$0].elementsEqual(Self.documentStart) } ?? true
  }

  /// Column `number`, counted from 1, or from the end where it is negative (-1 is the last).
  public func column(_ number: Int) -> Range<Int>? {
    let index = number > 0 ? number - 1 : columns.count + number
    return columns.indices.contains(index) ? columns[index] : nil
  }
}
