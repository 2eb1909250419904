import Pipeline

extension NPYArray {
  /// An array of numbers, by way of its file's bytes.
  static func of<Number: BitwiseCopyable>(
    _ element: ArrayElement, _ shape: [Int], _ values: [Number]
  ) throws -> NPYArray {
    let bytes = values.withUnsafeBytes { Array($0) }
    return try NPYFile.read(NPYFile.bytes(element, shape: shape, data: bytes)[...])
  }
}
