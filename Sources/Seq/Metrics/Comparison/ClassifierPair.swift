public import Pipeline

/// Two classifiers' answers for the same labelled records.
public struct ClassifierPair: PairedFigures {
  public static let names = [
    (name: "accuracy", isBetterWhenHigher: true), (name: "loss", isBetterWhenHigher: false),
    (name: "macro_f1", isBetterWhenHigher: true),
  ]

  /// A record, its classes as positions in one list of both models' labels.
  private struct Record {
    var target: Int
    var calledA: Int
    var calledB: Int
    /// -log p(true class).
    var lossA: Double
    var lossB: Double
  }

  private let records: [Record]
  private let classCount: Int

  /// - Parameters:
  ///   - a, b: the predictions, whose labels may be others or stand in another order.
  ///   - targets: for each record its true class, by each model's own list.
  /// - Precondition: both have one prediction for each of the N records.
  public init(
    _ a: PredictionChunk, _ b: PredictionChunk, targets: (a: [Int32], b: [Int32])
  ) {
    precondition(
      [a.count, b.count, targets.b.count].allSatisfy { $0 == targets.a.count },
      "one prediction of each model for each record")
    let (placesA, placesB, classCount) = Self.places(a.labels, b.labels)
    self.classCount = classCount
    records = targets.a.indices.map { i in
      let (rowA, rowB) = (a.row(i), b.row(i))
      let (targetA, targetB) = (Int(targets.a[i]), Int(targets.b[i]))
      return Record(
        target: placesA[targetA], calledA: placesA[rowA.placeOfLargest],
        calledB: placesB[rowB.placeOfLargest],
        lossA: -Double(rowA[rowA.startIndex + targetA]),
        lossB: -Double(rowB[rowB.startIndex + targetB]))
    }
  }

  public var count: Int { records.count }

  /// McNemar's test on the records that one model alone has right.
  public var mcNemar: McNemarTest {
    McNemarTest(
      onlyA: records.count { $0.calledA == $0.target && $0.calledB != $0.target },
      onlyB: records.count { $0.calledB == $0.target && $0.calledA != $0.target })
  }

  /// Accuracy, mean loss in nats and macro-F1, each as `ClassificationReport` has it.
  public func values(of chosen: [Int32]) -> (a: [Double], b: [Double]) {
    var support = [Int](repeating: 0, count: classCount)
    var (countsA, countsB) = (Counts(support), Counts(support))
    for i in chosen {
      let record = records[Int(i)]
      support[record.target] += 1
      countsA.add(record.calledA, target: record.target, loss: record.lossA)
      countsB.add(record.calledB, target: record.target, loss: record.lossB)
    }
    return (countsA.figures(support), countsB.figures(support))
  }

  /// What one model did, by class.
  private struct Counts {
    var called: [Int]
    var hits: [Int]
    var loss = 0.0

    init(_ zeros: [Int]) { (called, hits) = (zeros, zeros) }

    mutating func add(_ answer: Int, target: Int, loss: Double) {
      called[answer] += 1
      if answer == target { hits[target] += 1 }
      self.loss += loss
    }

    func figures(_ support: [Int]) -> [Double] {
      let count = Double(support.reduce(0, +))
      var (sum, present) = (0.0, 0)
      for k in support.indices where support[k] + called[k] > 0 {
        sum += 2 * Double(hits[k]) / Double(support[k] + called[k])
        present += 1
      }
      return [Double(hits.reduce(0, +)) / count, loss / count, sum / Double(present)]
    }
  }

  /// Where each model's labels stand in one list of all: A's, then those that B alone has.
  private static func places(
    _ a: [String], _ b: [String]
  ) -> (a: [Int], b: [Int], count: Int) {
    var known = Dictionary(
      zip(a.map { Array($0.utf8) }, a.indices), uniquingKeysWith: { first, _ in first })
    let places = b.map { label in
      let key = Array(label.utf8)
      let place = known[key] ?? known.count
      known[key] = place
      return place
    }
    return (Array(a.indices), places, known.count)
  }
}

extension ArraySlice<Float> {
  /// Where the largest number stands, from 0; the first of equals.
  fileprivate var placeOfLargest: Int {
    var best = startIndex
    for k in indices where self[k] > self[best] { best = k }
    return best - startIndex
  }
}
