import ArgumentParser

/// The bounds of an exercise's numbers.
enum LabRange {
  /// - Throws: `ValidationError`, which names the option.
  static func check<Value: Comparable>(
    _ name: String, _ value: Value, _ range: ClosedRange<Value>
  ) throws {
    guard range.contains(value) else {
      throw ValidationError(
        "--\(name) \(value) has no meaning (from \(range.lowerBound) to \(range.upperBound))")
    }
  }
}
