/// Reads tagged sentences, whole, into memory: one token a line in columns (`TokenLine`), an empty line
/// between sentences. The rules of `RecordReader` hold for bytes and lines.
public struct TaggedReader {
  /// Which columns are read, and how lines become text.
  public struct Options: Sendable, Hashable {
    /// From 1; negative numbers count from the last, which is -1.
    public var tokenColumn = 1
    public var tagColumn = -1
    public var records = RecordOptions()

    public init() {}
  }

  private let options: Options
  private var sentences = TokenChunk()
  private var tags: [[UInt8]: Int32] = [:]
  private var names: [[UInt8]] = []
  private var found: [Int32] = []

  /// Reads all files, in order; `-` is standard input. A file's end is a sentence's end.
  ///
  /// Complexity: O(bytes), in time and in memory.
  /// - Throws: `PipelineError.malformedLabelled` naming file and line for a line that lacks a column;
  ///   what `RecordReader` throws.
  public static func read(
    _ paths: [String], options: Options = Options()
  ) throws -> TaggedDataset {
    var reader = TaggedReader(options: options)
    for path in paths { try reader.add(path) }
    return reader.dataset()
  }

  private init(options: Options) { self.options = options }

  private mutating func add(_ path: String) throws {
    let reader = try RecordReader(files: [path], options: options.records)
    while let chunk = try reader.next() {
      for record in 0..<chunk.count {
        let bytes = chunk.text.bytes[chunk.text.range(record)]
        let line = TokenLine(bytes)
        guard !line.isBoundary else {
          endSentence()
          continue
        }
        guard let token = line.column(options.tokenColumn),
          let tag = line.column(options.tagColumn), token != tag
        else { throw fault(line, chunk, record) }
        try add(bytes[token], tag: Array(bytes[tag]), chunk)
      }
    }
    endSentence()
  }

  private mutating func add(
    _ token: ArraySlice<UInt8>, tag: [UInt8], _ chunk: RecordChunk
  ) throws {
    guard sentences.bytes.count + token.count < Int(UInt32.max) else {
      throw PipelineError.limitExceeded(
        "\(chunk.file): the data are larger than 4 GiB of tokens (train on a part of them)")
    }
    sentences.starts.append(UInt32(sentences.bytes.count))
    sentences.bytes += token
    sentences.ends.append(UInt32(sentences.bytes.count))
    let number = tags[tag] ?? Int32(names.count)
    if number == names.count {
      tags[tag] = number
      names.append(tag)
    }
    found.append(number)
  }

  private mutating func endSentence() {
    let end = UInt32(sentences.starts.count)
    if end > sentences.recordEnds.last ?? 0 { sentences.recordEnds.append(end) }
  }

  private func dataset() -> TaggedDataset {
    let order = names.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
    var places = [Int32](repeating: 0, count: names.count)
    for (place, number) in order.enumerated() { places[number] = Int32(place) }
    return TaggedDataset(
      sentences: sentences, tags: found.map { places[Int($0)] },
      tagNames: order.map { String(decoding: names[$0], as: UTF8.self) })
  }

  private func fault(_ line: TokenLine, _ chunk: RecordChunk, _ record: Int) -> PipelineError {
    let count = line.columns.count == 1 ? "1 column" : "\(line.columns.count) columns"
    return .malformedLabelled(
      file: chunk.file, line: chunk.firstRecord + record,
      problem: "\(count), where a token in column \(options.tokenColumn) and a tag in column "
        + "\(options.tagColumn) are needed (--token-column and --tag-column name others)")
  }
}
