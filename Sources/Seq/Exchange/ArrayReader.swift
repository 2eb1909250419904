import Pipeline

/// Takes arrays apart, with errors that name them.
struct ArrayReader {
  let arrays: [String: NPYArray]
  let file: String

  func fault(_ problem: String) -> SeqError { .foreignWeights(file: file, problem: problem) }

  func integers(_ name: String, rank: Int) throws -> (values: [Int], shape: [Int]) {
    guard let array = arrays[name] else { throw missing(name) }
    guard let values = array.integers, array.shape.count == rank else {
      throw fault("\(name) must be whole numbers of \(rank) dimensions")
    }
    return (values, array.shape)
  }

  func floats(_ name: String, rank: Int) throws -> (values: [Double], shape: [Int]) {
    guard let array = arrays[name] else { throw missing(name) }
    guard let values = array.doubles, array.shape.count == rank else {
      throw fault("\(name) must be floats of \(rank) dimensions")
    }
    return (values, array.shape)
  }

  func missing(_ name: String) -> SeqError {
    fault("there is no array \"\(name)\" among \(StateDictionary.list(arrays.keys.sorted()))")
  }

  /// The largest; not a number where one is none.
  static func largest(_ differences: [Double]) -> Double {
    differences.first(where: \.isNaN) ?? differences.max() ?? 0
  }

  /// The largest absolute difference; not a number where one of the numbers is none.
  static func largestDifference(
    _ expected: [Double], _ found: [some BinaryFloatingPoint]
  ) -> Double {
    var worst = 0.0
    for (a, b) in zip(expected, found) {
      let difference = abs(a - Double(b))
      if !(difference <= worst) { worst = difference }
      if worst.isNaN { return worst }
    }
    return worst
  }
}
