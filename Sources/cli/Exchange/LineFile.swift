import Pipeline

/// A small file of one entry per line: labels, symbols, texts.
enum LineFile {
  /// The largest such file, in bytes.
  private static let maximumSize = 1 << 28

  /// The lines as bytes, cut at LF alone; an end of line at the end of the file begins no other.
  static func lines(_ path: String) throws -> [ArraySlice<UInt8>] {
    let bytes = try FileBytes.read(path, maximumSize: maximumSize)
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// The lines as text.
  /// - Throws: `PipelineError.malformedText` for the first line that is not UTF-8.
  static func texts(_ path: String) throws -> [String] {
    try lines(path).enumerated().map { number, line in
      guard let text = String(validating: line, as: UTF8.self) else {
        throw PipelineError.malformedText(file: path, line: number + 1, offset: 1)
      }
      return text
    }
  }
}
