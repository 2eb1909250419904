/// Records and the answers that a classifier gave for them when it was saved: run again whenever its
/// file is read, so that a build whose arithmetic differs is noticed before it answers.
public struct SelfTest: Sendable, Hashable {
  /// How far a log-probability may be from the saved one, in nats.
  public static let tolerance = 1e-3

  public let labels: [String]
  /// Texts; images are written as texts too.
  public let records: [String]
  /// Natural logarithms, one row of K per record, rounded to six decimals.
  public let logProbabilities: [[Double]]

  /// Runs a chain from text to predictions and keeps what it says.
  /// - Throws: `PipelineError.malformedValue` where an answer is not finite, and what the chain
  ///   throws.
  public init(of chain: Chain, records: [String]) throws {
    guard let predictions = try Self.answers(of: chain, to: records) else {
      throw PipelineError.malformedValue("the records are not what the model takes")
    }
    self.records = records
    labels = predictions.labels
    logProbabilities = try (0..<predictions.count).map { i in
      try predictions.row(i).map { value in
        guard value.isFinite else {
          throw PipelineError.malformedValue(
            "the model gives a probability for \"\(Escaping.printable(records[i]))\" that is not "
              + "finite, and cannot be saved")
        }
        return (Double(value) * 1e6).rounded() / 1e6
      }
    }
  }

  /// The same for a chain from images to predictions.
  public init(of chain: Chain, images: ImageChunk) throws {
    try self.init(of: chain, records: (0..<images.count).map(images.text))
  }

  /// - Returns: `nil` where the records are not of the kind that the chain takes.
  private static func answers(of chain: Chain, to records: [String]) throws -> PredictionChunk? {
    guard chain.input == .images else {
      return try chain.run(TextChunk(records), as: PredictionChunk.self)
    }
    return try ImageChunk(texts: records).map { try chain.run($0, as: PredictionChunk.self) }
  }

  /// Whether the chain still gives the same answers.
  /// - Returns: what differs; `nil` where nothing does.
  func difference(from chain: Chain) throws -> String? {
    guard !records.isEmpty else { return nil }
    guard let predictions = try Self.answers(of: chain, to: records) else {
      return "the records are not what the model takes"
    }
    guard predictions.labels == labels, predictions.count == records.count else {
      return "the labels or the number of answers differ"
    }
    for (i, row) in logProbabilities.enumerated() {
      for (k, (expected, found)) in zip(row, predictions.row(i)).enumerated()
      where !(abs(expected - Double(found)) <= Self.tolerance) {
        return "record \(i + 1), label \"\(Escaping.printable(labels[k]))\": the log-probability "
          + "is \(found), but was \(expected) when the model was saved"
      }
    }
    return nil
  }
}

extension SelfTest {
  /// The form in a file: `{"labels":[...],"records":[{"log_probabilities":[...],"text":"..."}]}`.
  var json: JSONValue {
    [
      "labels": .array(labels.map(JSONValue.string)),
      "records": .array(
        zip(records, logProbabilities).map { record, row in
          ["text": .string(record), "log_probabilities": .array(row.map(JSONValue.double))]
        }),
    ]
  }

  /// - Returns: `nil` where the JSON is not of that form.
  init?(json: JSONValue) {
    guard json.objectValue?.keys == ["labels", "records"],
      let labels = json["labels"]?.arrayValue, let records = json["records"]?.arrayValue
    else { return nil }
    self.labels = labels.compactMap(\.stringValue)
    self.records = records.compactMap { $0["text"]?.stringValue }
    logProbabilities = records.map { record in
      (record["log_probabilities"]?.arrayValue ?? []).compactMap(\.doubleValue)
    }
    guard self.labels.count == labels.count, self.records.count == records.count,
      logProbabilities.allSatisfy({ $0.count == labels.count }),
      records.allSatisfy({ $0.objectValue?.keys == ["log_probabilities", "text"] })
    else { return nil }
  }
}
