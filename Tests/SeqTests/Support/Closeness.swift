import Seq

/// The largest difference between corresponding elements, relative to the largest size of an
/// expected one where that is above 1; infinite where the counts differ or a number is not finite.
func distance<S: Scalar>(_ values: [S], _ expected: [Double]) -> Double {
  guard values.count == expected.count else { return .infinity }
  let scale = expected.reduce(1) { max($0, abs($1)) }
  var largest = 0.0
  for (value, target) in zip(values, expected) {
    let difference = abs(Double(value) - target) / scale
    guard difference.isFinite else { return .infinity }
    largest = max(largest, difference)
  }
  return largest
}
