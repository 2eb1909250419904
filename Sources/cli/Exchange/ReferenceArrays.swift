import Pipeline
import Seq

/// Inputs as a network sees them, and what it answers: what `--verify` reads, and what the exported
/// graph takes and gives.
enum ReferenceArrays {
  /// - Parameters:
  ///   - records: a file of what the model reads: texts, sentences in columns, images, or a series.
  ///     Without one, the self-test of a classifier is taken.
  ///   - columns: where the tokens of sentences stand.
  /// - Throws: `CLIError.usage` where there is nothing to answer, and what reading and the stages throw.
  static func write(
    to path: String, of model: LoadedModel, records: String?, _ columns: ColumnOptions
  ) throws {
    let chain = model.chain
    guard let place = chain.stages.firstIndex(where: { $0.base is any ExchangeableNetwork }) else {
      return
    }
    func ids() throws -> IDChunk {
      let texts = try records.map(LineFile.texts) ?? model.selfTest?.records ?? []
      guard !texts.isEmpty else { throw nothing("texts") }
      return try chain.prefix(place).run(TextChunk(texts), as: IDChunk.self)
    }
    // What is wrong with the input must not leave a file.
    let add: (NPZWriter) throws -> Void
    switch chain.stages[place].base {
    case let classifier as RecurrentClassifier:
      let ids = try ids()
      add = { try write(ids, classifier, to: $0) }
    case let language as LanguageModel:
      let ids = try ids()
      add = { try write(ids, language, to: $0) }
    case let network as LeNet:
      let images = try images(records, model.selfTest, network.input)
      add = { try write(images, network, to: $0) }
    case let forecaster as RecurrentForecaster:
      guard let records else { throw nothing("a series") }
      let series = try SeriesReader.read(records, columns: forecaster.columns)
      add = { try write(series, forecaster, to: $0) }
    case let tagger as RecurrentTagger:
      guard let records else { throw nothing("sentences") }
      let sentences = try columns.read([records], RecordOptions()).sentences
      let ids = try chain.prefix(place).run(sentences, as: IDChunk.self)
      add = { try write(ids, tagger, to: $0) }
    default: return
    }
    let file = try StreamedFile(path)
    let writer = NPZWriter(descriptor: file.descriptor, file: path)
    try add(writer)
    try writer.finish()
    try file.commit()
  }

  static func nothing(_ what: String) -> CLIError {
    .usage("--reference needs \(what) (give them by --records)")
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

  static func padded(
    _ rows: [ArraySlice<Int32>], to width: Int, by padding: Int64 = 0
  ) -> [Int64] {
    rows.flatMap { row in
      row.map(Int64.init) + [Int64](repeating: padding, count: width - row.count)
    }
  }
}
