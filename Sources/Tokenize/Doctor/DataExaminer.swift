public import Pipeline

/// Looks for what spoils training: see `DataReport`.
public struct DataExaminer {
  private static let chunkSize = 4096

  public private(set) var report = DataReport()

  public init() {}

  /// Looks for malformed UTF-8 in the lines of a file.
  /// - Throws: what `RecordReader` throws.
  public mutating func examineLines(of path: String, options: RecordOptions) throws {
    let reader = try RecordReader(files: [path], options: options)
    while let chunk = try reader.next() {
      guard chunk.malformedCount > 0 else { continue }
      for record in 0..<chunk.count {
        let bad = chunk.raw.bytes.withUnsafeBufferPointer { bytes in
          UTF8Scanner.firstMalformed(
            in: UnsafeBufferPointer(rebasing: bytes[chunk.raw.range(record)]))
        }
        guard let bad else { continue }
        report.malformed.add(
          "\(Escaping.printable(path)):\(chunk.firstRecord + record):\(bad + 1)")
      }
    }
  }

  /// Looks at training data and, if given, at development data.
  ///
  /// Time is linear in the data; memory is that of the distinct texts.
  /// - Throws: what normalising throws.
  public mutating func examine(_ train: LabelledDataset, dev: LabelledDataset?) throws {
    report.records = train.count
    var counts = [Int](repeating: 0, count: train.labelNames.count)
    for label in train.labels { counts[Int(label)] += 1 }
    report.classes = zip(train.labelNames, counts).map { ($0, $1) }
    measureLengths(train.text)
    try examineForms(train.text)
    let known = findRepeats(train)
    for record in 0..<(dev?.count ?? 0) {
      guard let dev, let first = known[Array(dev.text.bytes[dev.text.range(record)])] else {
        continue
      }
      report.leaks.add("development record \(record + 1) is training record \(first + 1)")
    }
  }

  private mutating func measureLengths(_ text: TextChunk) {
    let lengths = (0..<text.count).map { record in
      text.bytes[text.range(record)].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
    .sorted()
    guard let least = lengths.first, let greatest = lengths.last else { return }
    report.lengths.minimum = least
    report.lengths.median = lengths[(lengths.count - 1) / 2]
    report.lengths.percentile95 = lengths[(lengths.count - 1) * 19 / 20]
    report.lengths.maximum = greatest
  }

  private mutating func examineForms(_ text: TextChunk) throws {
    var composer = NormalizeUnicode(options: .init(form: .nfc)).makeRunner(RunContext())
    var decomposer = NormalizeUnicode(options: .init(form: .nfd)).makeRunner(RunContext())
    for start in stride(from: 0, to: text.count, by: Self.chunkSize) {
      let chunk = text.selecting(Array(start..<min(start + Self.chunkSize, text.count)))
      let composed = try composer.consume(chunk)
      let decomposed = try decomposer.consume(chunk)
      for record in 0..<chunk.count {
        let bytes = chunk.bytes[chunk.range(record)]
        if bytes.isEmpty { report.emptyTexts.add("record \(start + record + 1)") }
        if bytes != composed.bytes[composed.range(record)] {
          report.decomposed.add("record \(start + record + 1)")
        } else if bytes != decomposed.bytes[decomposed.range(record)] {
          report.composed.add("record \(start + record + 1)")
        }
      }
    }
  }

  /// - Returns: for each distinct text, the first record that has it.
  private mutating func findRepeats(_ data: LabelledDataset) -> [[UInt8]: Int] {
    var first: [[UInt8]: Int] = [:]
    for record in 0..<data.count {
      let text = Array(data.text.bytes[data.text.range(record)])
      guard let before = first[text] else {
        first[text] = record
        continue
      }
      let names = [before, record].map { data.labelNames[Int(data.labels[$0])] }
      if data.labels[before] == data.labels[record] {
        report.duplicates.add("record \(record + 1) is record \(before + 1)")
      } else {
        report.conflicts.add(
          "record \(before + 1) is \(Escaping.printable(names[0])), "
            + "record \(record + 1) is \(Escaping.printable(names[1]))")
      }
    }
    return first
  }
}
