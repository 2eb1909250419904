public import Pipeline

/// z = (x - mean) / deviation, column by column: so that a network sees numbers of about size one,
/// whatever the units of the data are.
public struct Standardizer: Sendable, Hashable {
  /// Of each column.
  public let mean: [Double]
  public let deviation: [Double]

  /// Learns from the rows of the training part; a column that never changes has deviation 1.
  public init(_ series: Series) {
    let columns = (0..<series.width).map(series.column)
    let count = Double(max(1, series.count))
    let mean = columns.map { $0.reduce(0, +) / count }
    deviation = zip(columns, mean).map { column, mean in
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      return variance > 0 ? variance.squareRoot() : 1
    }
    self.mean = mean
  }

  /// Reads what `write(to:)` saved.
  /// - Throws: where a resource is missing, of another size, or no scale.
  init(_ resources: ResourceReader, width: Int) throws {
    mean = try resources.doubles("mean", count: width)
    deviation = try resources.doubles("deviation", count: width)
    guard (mean + deviation).allSatisfy(\.isFinite), deviation.allSatisfy({ $0 > 0 }) else {
      throw PipelineError.malformedResource("deviation", "has a number that is no scale")
    }
  }

  func write(to resources: inout ResourceWriter) throws {
    try resources.add("mean", doubles: mean)
    try resources.add("deviation", doubles: deviation)
  }

  func standardized(_ value: Double, column d: Int) -> Double { (value - mean[d]) / deviation[d] }

  func restored(_ value: Double, column d: Int) -> Double { value * deviation[d] + mean[d] }
}

extension ResourceReader {
  /// A vector of 64-bit floats.
  func doubles(_ name: String, count: Int) throws -> [Double] {
    let resource = try read(name, .f64)
    guard resource.shape == [count], resource.byteCount == 8 * count else {
      throw PipelineError.malformedResource(
        name, "has shape \(resource.shape), but [\(count)] is needed")
    }
    return resource.withUnsafeBytes { raw in
      (0..<count).map {
        Double(
          bitPattern: UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }
}

extension ResourceWriter {
  mutating func add(_ name: String, doubles values: [Double]) throws {
    let bytes = values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    try add(name, Resource(type: .f64, shape: [values.count], bytes: bytes))
  }
}
