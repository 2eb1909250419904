import Pipeline
import Seq

/// Does the first symbol 3 stand before some symbol 5?
enum ToyTask {
  static let labels = ["no", "yes"]

  /// As many records of one class as of the other.
  static func examples(_ count: Int, seed: UInt64) -> ClassifierExamples {
    var random = RandomGenerator(seed: seed, stream: 0x746f_79)
    var records: [[Int32]] = []
    var classes: [Int32] = []
    while records.count < count {
      let length = Int.random(in: 4...10, using: &random)
      let record = (0..<length).map { _ in Int32.random(in: 0..<7, using: &random) }
      let first = record.firstIndex(of: 3)
      let isYes = first.map { record[$0...].contains(5) } ?? false
      guard isYes == (records.count % 2 == 1) else { continue }
      records.append(record)
      classes.append(isYes ? 1 : 0)
    }
    return ClassifierExamples(ids: Samples.chunk(records), labels: classes)
  }

  /// A network that is large enough for it.
  static func architecture(_ cell: String) -> ClassifierOptions {
    var options = ClassifierOptions()
    (options.cell, options.symbols, options.embedding, options.hidden) = (cell, 7, 8, 24)
    return options
  }

  static func training(epochs: Int) -> TrainingOptions {
    var options = TrainingOptions()
    (options.epochs, options.batchSize, options.learningRate) = (epochs, 32, 1e-2)
    (options.dropout, options.featureDropout) = (0, 0)
    return options
  }
}
