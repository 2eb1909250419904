/// The `.npy` format of NumPy (`numpy/lib/format.py`), version 1.0.
public enum NPYFile {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
  /// NumPy keeps room for as many digits of the first dimension, so that it can grow in place.
  private static let growthDigits = 21

  /// The header of an array in C order. Its length does not depend on the first dimension: an array
  /// of unknown length can be written behind the header of an empty one, which is replaced later.
  /// - Throws: `PipelineError.malformedValue` where a dimension is negative, there are more than 32,
  ///   or the array would pass 2^63 - 1 bytes.
  public static func header(_ element: ArrayElement, shape: [Int]) throws -> [UInt8] {
    _ = try byteCount(element, shape)
    let dimensions = shape.map(String.init).joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(dimensions),)" : "(\(dimensions))"
    var text = "{'descr': '\(element.rawValue)', 'fortran_order': False, 'shape': \(tuple), }"
    if let first = shape.first {
      text += String(repeating: " ", count: growthDigits - "\(first)".utf8.count)
    }
    let unpadded = magic.count + 2 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return magic + [UInt8(length & 0xFF), UInt8(length >> 8)] + text.utf8
  }

  /// A whole file.
  /// - Throws: as `header(_:shape:)`, and where the bytes do not fill the shape.
  public static func bytes(
    _ element: ArrayElement, shape: [Int], data: [UInt8]
  ) throws -> [UInt8] {
    guard try byteCount(element, shape) == data.count else {
      throw PipelineError.malformedValue("\(data.count) bytes do not fill the shape \(shape)")
    }
    return try header(element, shape: shape) + data
  }

  /// The size of an array's data.
  /// - Throws: as `header(_:shape:)`.
  static func byteCount(_ element: ArrayElement, _ shape: [Int]) throws -> Int {
    var size = element.size
    var isPossible = shape.count <= 32
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      isPossible = isPossible && dimension >= 0 && !overflow
      size = product
    }
    guard isPossible else {
      throw PipelineError.malformedValue("an array of shape \(shape) cannot be written")
    }
    return size
  }
}
