import Pipeline
import Seq

/// Texts as a network sees them, and what it answers: what `--verify` reads.
struct ReferenceArrays {
  private let ids: IDChunk
  private let logits: Tensor<Float>
  private let predictions: PredictionChunk

  /// - Throws: `CLIError.usage` where there is no text, and what the stages throw.
  init(of chain: Chain, _ classifier: RecurrentClassifier, texts: [String]) throws {
    guard !texts.isEmpty else {
      throw CLIError.usage("--reference needs texts (give them by --records)")
    }
    let place = chain.stages.firstIndex { $0.base is RecurrentClassifier } ?? 0
    ids = try chain.prefix(place).run(TextChunk(texts), as: IDChunk.self)
    logits = try classifier.logits(ids)
    predictions = try Chain(classifier).run(ids, as: PredictionChunk.self)
  }

  /// Writes `ids` and `lengths`, `features` where there are some, `logits`, `log_probabilities`.
  func write(to path: String) throws {
    let file = try StreamedFile(path)
    let writer = NPZWriter(descriptor: file.descriptor, file: path)
    let count = ids.count
    let lengths = (0..<count).map { ids.range($0).count }
    // ONNX needs one step at least.
    let rows = Self.padded(
      (0..<count).map { ids.ids[ids.range($0)] }, to: max(1, lengths.max() ?? 0), by: 0)
    try writer.add("ids", .int64, shape: [count, rows.count / count], rows)
    try writer.add("lengths", .int64, shape: [count], lengths.map(Int64.init))
    if let features = ids.features {
      let bags = (0..<count).map { features.ids[features.range($0)] }
      let width = bags.map(\.count).max() ?? 0
      try writer.add(
        "features", .int64, shape: [count, width], Self.padded(bags, to: width, by: -1))
    }
    try writer.add("logits", .float32, shape: logits.shape, logits.values)
    try writer.add(
      "log_probabilities", .float32, shape: logits.shape, predictions.logProbabilities)
    try writer.finish()
    try file.commit()
  }

  private static func padded(
    _ rows: [ArraySlice<Int32>], to width: Int, by padding: Int64
  ) -> [Int64] {
    rows.flatMap { row in
      row.map(Int64.init) + [Int64](repeating: padding, count: width - row.count)
    }
  }
}
