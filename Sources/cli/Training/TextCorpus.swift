import Pipeline
import Seq

/// Texts as one long sequence of symbols, each record's end among them.
struct TextCorpus {
  /// The records, as text.
  let text: TextChunk
  /// The digest of the records, whatever files they came from.
  let digest: String

  init(_ text: TextChunk) {
    self.text = text
    digest =
      LabelledDataset(
        text: text, labels: [Int32](repeating: 0, count: text.count), labelNames: [""]
      ).digest
  }

  /// Reads whole files.
  /// - Throws: what reading throws; `CLIError.badData` where there is no record.
  init(_ files: [String], _ options: RecordOptions) throws {
    let reader = try RecordReader(files: files, options: options)
    var text = TextChunk()
    while let chunk = try reader.next() {
      let skipped = Set(chunk.skipped)
      for record in 0..<chunk.count where !skipped.contains(record) {
        guard text.bytes.count + chunk.text.range(record).count < Int(UInt32.max) else {
          throw CLIError.badData("the text is longer than 4 GiB")
        }
        text.append(chunk.text.bytes[chunk.text.range(record)])
      }
    }
    guard text.count > 0 else {
      throw CLIError.badData("\(files.joined(separator: ", ")): there is no text")
    }
    self.init(text)
  }

  /// What to learn from and what to judge on.
  static func parts(
    _ files: [String], dev: DevelopmentPart, _ options: RecordOptions
  ) throws -> (train: TextCorpus, dev: TextCorpus?) {
    let corpus = try TextCorpus(files, options)
    switch dev {
    case .file(let path): return (corpus, try TextCorpus([path], options))
    case .percent(let percent):
      return percent > 0 ? corpus.split(devFraction: percent / 100) : (corpus, nil)
    }
  }

  /// Cuts off the last part, of about `fraction` of the bytes: a text is not shuffled, for its order
  /// is what is learnt.
  func split(devFraction fraction: Double) -> (train: TextCorpus, dev: TextCorpus?) {
    let limit = Double(text.bytes.count + text.count) * (1 - fraction)
    let cut = (0..<text.count).first { Double(Int(text.ends[$0]) + $0 + 1) > limit } ?? text.count
    guard cut > 0, cut < text.count else { return (self, nil) }
    return (
      TextCorpus(text.records(0..<cut)), TextCorpus(text.records(cut..<text.count))
    )
  }

  /// The text's ids by the stages of a model, `end` after each record.
  func ids(_ stages: Chain, end: Int) throws -> [Int32] {
    let chunk = try stages.run(text, as: IDChunk.self)
    var ids: [Int32] = []
    ids.reserveCapacity(chunk.ids.count + chunk.count)
    for record in 0..<chunk.count {
      ids += chunk.ids[chunk.range(record)]
      ids.append(Int32(end))
    }
    return ids
  }

  /// Bytes of the text, each record's end counted as one.
  var byteCount: Int { text.bytes.count + text.count }
}

extension TextChunk {
  /// Some consecutive records as a chunk of their own.
  func records(_ part: Range<Int>) -> TextChunk {
    var chunk = TextChunk()
    for record in part { chunk.append(bytes[range(record)]) }
    return chunk
  }
}
