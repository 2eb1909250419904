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
    let labels = try chain.run(TextChunk(["a"]), as: PredictionChunk.self).labels
    return try report(
      of: chain, labels, targets: try targets(data, in: labels), threads: threads
    ) { data.subset($0).text }
  }

  /// The same for a model of images.
  static func report(
    of chain: Chain, _ model: LeNet, on data: LabelledImages, threads: Int
  ) throws -> ClassificationReport {
    try report(
      of: chain, model.labels, targets: try targets(data, in: model.labels), threads: threads
    ) { data.images.images($0) }
  }

  /// - Parameter part: some consecutive records as what the chain takes.
  private static func report<Input: Payload>(
    of chain: Chain, _ labels: [String], targets: [Int32], threads: Int,
    part: (Range<Int>) -> Input
  ) throws -> ClassificationReport {
    var report = ClassificationReport(labels: labels)
    var starts = stride(from: 0, to: targets.count, by: chunkSize).makeIterator()
    var done = 0
    try OrderedPipeline(threads: threads).run(
      next: { starts.next().map { part($0..<min($0 + chunkSize, targets.count)) } },
      makeWorker: {
        var runner = try chain.makeRunner()
        return { try runner.consume($0, as: PredictionChunk.self) }
      },
      emit: { (predictions: PredictionChunk) in
        guard predictions.logProbabilities.allSatisfy({ !$0.isNaN }) else {
          throw CLIError.notFinite(record: done + 1)
        }
        report.add(predictions, targets: Array(targets[done..<done + predictions.count]))
        done += predictions.count
      })
    return report
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
