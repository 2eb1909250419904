import Pipeline
import Seq
import Testing

@Suite struct ClassifierCheckTests {
  private let classifier: RecurrentClassifier
  private var arrays: [String: NPYArray]

  init() throws {
    let sample = SampleClassifier()
    classifier = try sample.make()
    let (records, features) = sample.chunk(6)
    let chunk = Samples.chunk(records, features: features)
    let width = 40
    func padded(_ rows: [[Int32]], by padding: Int32) -> [Int32] {
      rows.flatMap { $0 + [Int32](repeating: padding, count: width - $0.count) }
    }
    let predictions = try classifier.predictions(chunk)
    // What stands behind a sequence's end is not looked at.
    arrays = [
      "ids": try NPYArray.of(.int32, [6, width], padded(records, by: -5)),
      "lengths": try NPYArray.of(.int64, [6], records.map { Int64($0.count) }),
      "features": try NPYArray.of(.int32, [6, width], padded(features, by: -1)),
      "log_probabilities": try NPYArray.of(.float32, [6, 4], predictions.logProbabilities),
      "logits": try NPYArray.of(
        .float64, [6, 4], classifier.logits(chunk).values.map(Double.init)),
    ]
  }

  private func difference(_ arrays: [String: NPYArray]) throws -> Double {
    try ClassifierCheck(arrays, file: "f").largestDifference(of: classifier)
  }

  @Test func ownAnswersDifferByNothing() throws {
    #expect(try difference(arrays) <= 1e-6)
    var one = arrays
    one["logits"] = nil
    #expect(try difference(one) <= 1e-6)
  }

  @Test func theLargestDifferenceIsFound() throws {
    for name in ["logits", "log_probabilities"] {
      var values = try #require(arrays[name]?.doubles)
      values[13] += 0.25
      values[20] -= 0.5
      var bad = arrays
      bad[name] = try NPYArray.of(.float64, [6, 4], values)
      #expect(abs(try difference(bad) - 0.5) < 1e-5)
      values[2] = .nan
      bad[name] = try NPYArray.of(.float64, [6, 4], values)
      #expect(try difference(bad).isNaN)
    }
  }

  @Test func arraysThatDoNotFitAreNamed() throws {
    func message(_ change: (inout [String: NPYArray]) throws -> Void) throws -> String {
      var bad = arrays
      try change(&bad)
      let error = #expect(throws: SeqError.self) { _ = try difference(bad) }
      return error?.description ?? ""
    }
    #expect(try message { $0["ids"] = nil }.contains("no array \"ids\""))
    #expect(try message { $0["features"] = nil }.contains("no array \"features\""))
    #expect(try message { $0["ids"] = $0["logits"] }.contains("ids must be whole numbers"))
    #expect(
      try message { $0["lengths"] = try NPYArray.of(.int64, [6], [1, 2, 3, 4, 5, 41]) }
        .contains("from 0 to 40"))
    #expect(
      try message {
        $0["logits"] = try NPYArray.of(.float64, [6, 3], [Double](repeating: 0, count: 18))
      }
      .contains("3 columns, but there are 4 classes"))
    #expect(
      try message {
        $0["logits"] = nil
        $0["log_probabilities"] = nil
      }.contains("nothing to compare"))
    #expect(
      try message {
        $0["features"] = try NPYArray.of(.int32, [6, 1], [30, 0, 0, 0, 0, 0] as [Int32])
      }
      .contains("feature 30 of record 1"))
  }
}
