import Pipeline
import Seq

/// Runs a classifier over labelled data.
enum Evaluation {
  private static let chunkSize = 4096

  /// The report; its sums are taken in the order of the data, whatever the number of threads.
  /// - Throws: `CLIError.badData` for a label that the model does not know, `.notFinite`.
  static func report(
    of chain: Chain, on data: LabelledDataset, threads: Int
  ) throws -> ClassificationReport {
    let answers = try answers(of: chain, on: data, threads: threads)
    return ClassificationReport(answers.predictions, targets: answers.targets)
  }

  /// The same for a model of images.
  static func report(
    of chain: Chain, _ model: LeNet, on data: LabelledImages, threads: Int
  ) throws -> ClassificationReport {
    let targets = try targets(data, in: model.labels)
    let predictions = try predictions(
      of: chain, model.labels, count: targets.count, threads: threads
    ) { data.images.images($0) }
    return ClassificationReport(predictions, targets: targets)
  }

  /// What a classifier says of every record, and what it should say.
  /// - Throws: as `report`.
  static func answers(
    of chain: Chain, on data: LabelledDataset, threads: Int
  ) throws -> (predictions: PredictionChunk, targets: [Int32]) {
    let labels = try chain.run(TextChunk(["a"]), as: PredictionChunk.self).labels
    let targets = try targets(data, in: labels)
    let predictions = try predictions(of: chain, labels, count: data.count, threads: threads) {
      data.text.records($0)
    }
    return (predictions, targets)
  }

  /// How probable a language model finds every record.
  /// - Throws: `CLIError.notFinite`.
  static func scores(of chain: Chain, on text: TextChunk, threads: Int) throws -> ScoreChunk {
    var all = ScoreChunk()
    try run(chain, count: text.count, threads: threads, part: text.records) {
      (scores: ScoreChunk) in
      guard scores.logProbabilities.allSatisfy(\.isFinite) else {
        throw CLIError.notFinite(record: all.count + 1)
      }
      all.logProbabilities += scores.logProbabilities
      all.symbolCounts += scores.symbolCounts
    }
    return all
  }

  private static func predictions<Input: Payload>(
    of chain: Chain, _ labels: [String], count: Int, threads: Int, part: (Range<Int>) -> Input
  ) throws -> PredictionChunk {
    var all = PredictionChunk(labels: labels)
    all.logProbabilities.reserveCapacity(count * labels.count)
    try run(chain, count: count, threads: threads, part: part) { (predictions: PredictionChunk) in
      guard predictions.logProbabilities.allSatisfy({ !$0.isNaN }) else {
        throw CLIError.notFinite(record: all.count + 1)
      }
      all.logProbabilities += predictions.logProbabilities
    }
    return all
  }

  /// Runs a chain over `count` records on all threads.
  ///
  /// - Parameters:
  ///   - part: some consecutive records as what the chain takes.
  ///   - emit: gets the results in order.
  private static func run<Input: Payload, Output: Payload>(
    _ chain: Chain, count: Int, threads: Int, part: (Range<Int>) -> Input,
    emit: @escaping (Output) throws -> Void
  ) throws {
    var starts = stride(from: 0, to: count, by: chunkSize).makeIterator()
    try OrderedPipeline(threads: threads).run(
      next: { starts.next().map { part($0..<min($0 + chunkSize, count)) } },
      makeWorker: {
        var runner = try chain.makeRunner()
        return { try runner.consume($0, as: Output.self) }
      },
      emit: emit)
  }

  /// The labels of the data as places in the model's list.
  static func targets(_ data: LabelledDataset, in labels: [String]) throws -> [Int32] {
    try targets(data.labels(asIn: labels), labels) { data.labelNames[Int(data.labels[$0])] }
  }

  /// The same for images.
  static func targets(_ data: LabelledImages, in labels: [String]) throws -> [Int32] {
    try targets(data.labels(asIn: labels), labels) { data.labelNames[Int(data.labels[$0])] }
  }

  private static func targets(
    _ targets: [Int32], _ labels: [String], name: (Int) -> String
  ) throws -> [Int32] {
    if let record = targets.firstIndex(of: -1) {
      throw CLIError.badData(
        "record \(record + 1): label \"\(name(record))\" is not among the model's "
          + Nearest.hint(for: name(record), among: labels))
    }
    return targets
  }
}
