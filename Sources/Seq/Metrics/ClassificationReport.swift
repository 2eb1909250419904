public import Pipeline

/// How good predictions are. Everything is a sum divided once, never a mean of means.
public struct ClassificationReport: Sendable, Hashable {
  /// The class names, in the model's order.
  public let labels: [String]
  /// N records.
  public private(set) var count = 0
  /// `confusion[t][p]`: how many of class t were called p.
  public private(set) var confusion: [[Int]]
  private var lossSum = 0.0
  /// For each of 15 bins of the top probability: records, sum of probabilities, correct ones.
  private var bins: [Bin]

  private struct Bin: Sendable, Hashable {
    var count = 0
    var confidence = 0.0
    var correct = 0
  }

  /// The figures of one class.
  public struct ClassFigures: Sendable, Hashable {
    public let label: String
    /// Records of this class, and records called this class.
    public let support: Int
    public let predicted: Int
    public let precision: Double
    public let recall: Double
    /// The harmonic mean of precision and recall, 0 where both are.
    public let f1: Double
  }

  public init(labels: [String]) {
    self.labels = labels
    let row = [Int](repeating: 0, count: labels.count)
    confusion = [[Int]](repeating: row, count: labels.count)
    bins = [Bin](repeating: Bin(), count: 15)
  }

  /// The report of one chunk of predictions.
  public init(_ predictions: PredictionChunk, targets: [Int32]) {
    self.init(labels: predictions.labels)
    add(predictions, targets: targets)
  }

  /// Adds predictions with their true classes.
  ///
  /// - Precondition: there is one target per prediction, from 0 to K - 1.
  public mutating func add(_ predictions: PredictionChunk, targets: [Int32]) {
    precondition(predictions.count == targets.count, "one target per prediction")
    for (i, target) in targets.enumerated() {
      let row = predictions.row(i)
      var best = row.startIndex
      for k in row.indices where row[k] > row[best] { best = k }
      let predicted = best - row.startIndex
      let confidence = Double.exp(Double(row[best]))
      // Weights that are finite and huge give probabilities that are no numbers.
      let share = confidence > 0 ? min(confidence, 1) : 0
      let bin = min(bins.count - 1, Int(share * Double(bins.count)))
      bins[bin].count += 1
      bins[bin].confidence += confidence
      bins[bin].correct += predicted == Int(target) ? 1 : 0
      confusion[Int(target)][predicted] += 1
      lossSum -= Double(row[row.startIndex + Int(target)])
      count += 1
    }
  }

  /// Mean cross-entropy in nats: -(1 / N) Σ log p(true class).
  public var loss: Double { count == 0 ? 0 : lossSum / Double(count) }

  /// e^loss.
  public var perplexity: Double { Double.exp(loss) }

  /// The share of records whose most probable class is the true one.
  public var accuracy: Double {
    let correct = labels.indices.reduce(0) { $0 + confusion[$1][$1] }
    return count == 0 ? 0 : Double(correct) / Double(count)
  }

  /// The mean of the classes' F1, over the classes that occur or were predicted.
  public var macroF1: Double {
    let present = perClass.filter { $0.support + $0.predicted > 0 }
    return present.isEmpty ? 0 : present.reduce(0) { $0 + $1.f1 } / Double(present.count)
  }

  /// Expected calibration error (Guo et al., 2017, equation 3) over 15 equal bins of the top
  /// probability: Σ n_b / N |accuracy_b - confidence_b|.
  public var expectedCalibrationError: Double {
    let sum = bins.reduce(0) { $0 + abs(Double($1.correct) - $1.confidence) }
    return count == 0 ? 0 : sum / Double(count)
  }

  /// The figures of each class, in the order of `labels`.
  public var perClass: [ClassFigures] {
    labels.indices.map { k in
      let support = confusion[k].reduce(0, +)
      let predicted = confusion.reduce(0) { $0 + $1[k] }
      let hits = Double(confusion[k][k])
      return ClassFigures(
        label: labels[k], support: support, predicted: predicted,
        precision: predicted == 0 ? 0 : hits / Double(predicted),
        recall: support == 0 ? 0 : hits / Double(support),
        f1: support + predicted == 0 ? 0 : 2 * hits / Double(support + predicted))
    }
  }
}
