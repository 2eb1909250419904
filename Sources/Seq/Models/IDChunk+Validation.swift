import Pipeline

/// The checks that keep ids from outside within the tables: a stage does not know what wrote them.
extension IDChunk {
  /// Checks every symbol and feature against the sizes of the tables; one pass over the ids.
  /// - Throws: `SeqError.unusableData`, which names the first record at fault.
  func validate(for options: ClassifierOptions) throws {
    try validate(symbols: options.symbols)
    guard options.features > 0, let features else { return }
    guard features.recordEnds.count == count else {
      throw SeqError.unusableData(
        "there are \(features.recordEnds.count) bags of features for \(count) records")
    }
    if let i = features.ids.firstOutside(options.features) {
      throw SeqError.unusableData(
        "feature \(features.ids[i]) of record \(features.recordEnds.record(of: i) + 1) is not one "
          + "of the model's \(options.features) (was the n-gram table made for another model?)")
    }
  }
}

extension IDChunk {
  /// Checks every symbol against the size of the table.
  func validate(symbols: Int) throws {
    guard let i = ids.firstOutside(symbols) else { return }
    throw SeqError.unusableData(
      "symbol \(ids[i]) of record \(recordEnds.record(of: i) + 1) is not one of the model's "
        + "\(symbols) (was the vocabulary made for another model?)")
  }
}

extension [Int32] {
  /// The position of the first number that is not in 0..<count.
  fileprivate func firstOutside(_ count: Int) -> Int? {
    let limit = UInt32(clamping: count)
    // The largest as unsigned: a negative number is larger than any limit.
    var largest: UInt32 = 0
    for id in self { largest = Swift.max(largest, UInt32(bitPattern: id)) }
    guard !isEmpty, largest >= limit else { return nil }
    return firstIndex { UInt32(bitPattern: $0) >= limit }
  }
}

extension [UInt32] {
  /// The record that holds position `i`.
  fileprivate func record(of i: Int) -> Int { firstIndex { Int($0) > i } ?? count }
}

extension ClassifierExamples {
  /// Checks that every record has a target, and that ids and targets are within the tables.
  ///
  /// - Parameter needsLabels: whether distributions do not stand in for labels.
  /// - Throws: `SeqError.unusableData`.
  func validate(
    for options: ClassifierOptions, classCount: Int, needsLabels: Bool = false
  ) throws {
    guard ids.count == labels.count else {
      throw SeqError.unusableData("there are \(labels.count) labels for \(ids.count) records")
    }
    if let distributions {
      guard distributions.shape == [count, classCount] else {
        throw SeqError.unusableData(
          "soft labels have the shape \(distributions.shape), but [\(count), \(classCount)] is "
            + "needed")
      }
    }
    if distributions == nil || needsLabels, let i = labels.firstOutside(classCount) {
      throw SeqError.unusableData(
        "record \(i + 1) is of class \(labels[i]), but there are \(classCount) classes")
    }
    try ids.validate(for: options)
  }
}
