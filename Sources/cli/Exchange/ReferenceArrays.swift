import Pipeline
import Seq

/// Texts as a network sees them, and what it answers: what `--verify` reads, and what the exported
/// graph takes and gives.
enum ReferenceArrays {
  /// - Throws: `CLIError.usage` where there is no text, and what the stages throw.
  static func write(to path: String, of chain: Chain, texts: [String]) throws {
    guard !texts.isEmpty else {
      throw CLIError.usage("--reference needs texts (give them by --records)")
    }
    let place = chain.stages.firstIndex { $0.base is any ExchangeableNetwork } ?? 0
    let ids = try chain.prefix(place).run(TextChunk(texts), as: IDChunk.self)
    let file = try StreamedFile(path)
    let writer = NPZWriter(descriptor: file.descriptor, file: path)
    switch chain.stages[place].base {
    case let classifier as RecurrentClassifier: try write(ids, classifier, to: writer)
    case let model as LanguageModel: try write(ids, model, to: writer)
    default: break
    }
    try writer.finish()
    try file.commit()
  }

  /// `ids`, `h_0` and `c_0` of zeros; `logits`, `h_n` and `c_n`. A record stands behind the symbol
  /// that it is predicted from, and before as many of them as make all rows equally long.
  private static func write(_ ids: IDChunk, _ model: LanguageModel, to writer: NPZWriter) throws {
    let (count, end) = (ids.count, Int32(model.options.end))
    let records = (0..<count).map { ([end] + ids.ids[ids.range($0)])[...] }
    let width = records.map(\.count).max() ?? 1
    let rows = padded(records, to: width, by: Int64(end))
    let (logits, final) = model.logits(rows.map(Int32.init), sequences: count)
    let shape = [model.options.layers, count, model.options.hidden]
    try writer.add("ids", .int64, shape: [count, width], rows)
    try writer.add(
      "logits", .float32, shape: [count, width, model.options.symbols], logits.values)
    for (name, states) in [("h", final.joined().map(\.hidden)), ("c", final.joined().map(\.cell))]
    where states.allSatisfy({ $0.rows > 0 }) {
      let values = states.flatMap(\.values)
      try writer.add(
        name + "_0", .float32, shape: shape, [Float](repeating: 0, count: values.count))
      try writer.add(name + "_n", .float32, shape: shape, values)
    }
  }

  /// `ids` and `lengths`, `features` where there are some; `logits`, `log_probabilities`.
  private static func write(
    _ ids: IDChunk, _ classifier: RecurrentClassifier, to writer: NPZWriter
  ) throws {
    let logits = try classifier.logits(ids)
    let predictions = try Chain(classifier).run(ids, as: PredictionChunk.self)
    let count = ids.count
    let lengths = (0..<count).map { ids.range($0).count }
    // ONNX needs one step at least.
    let rows = padded(
      (0..<count).map { ids.ids[ids.range($0)] }, to: max(1, lengths.max() ?? 0), by: 0)
    try writer.add("ids", .int64, shape: [count, rows.count / count], rows)
    try writer.add("lengths", .int64, shape: [count], lengths.map(Int64.init))
    if let features = ids.features {
      let bags = (0..<count).map { features.ids[features.range($0)] }
      let width = bags.map(\.count).max() ?? 0
      try writer.add(
        "features", .int64, shape: [count, width], padded(bags, to: width, by: -1))
    }
    try writer.add("logits", .float32, shape: logits.shape, logits.values)
    try writer.add(
      "log_probabilities", .float32, shape: logits.shape, predictions.logProbabilities)
  }

  private static func padded(
    _ rows: [ArraySlice<Int32>], to width: Int, by padding: Int64
  ) -> [Int64] {
    rows.flatMap { row in
      row.map(Int64.init) + [Int64](repeating: padding, count: width - row.count)
    }
  }
}
