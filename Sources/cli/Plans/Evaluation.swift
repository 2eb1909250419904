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
    let targets = try Self.targets(data, in: labels)
    var report = ClassificationReport(labels: labels)
    var starts = stride(from: 0, to: data.count, by: chunkSize).makeIterator()
    var done = 0
    try OrderedPipeline(threads: threads).run(
      next: {
        starts.next().map { data.subset($0..<min($0 + chunkSize, data.count)).text }
      },
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
    let targets = data.labels(asIn: labels)
    if let record = targets.firstIndex(of: -1) {
      let name = data.labelNames[Int(data.labels[record])]
      throw CLIError.badData(
        "record \(record + 1): label \"\(name)\" is not among the model's "
          + Nearest.hint(for: name, among: labels))
    }
    return targets
  }
}
