/// What a safetensors file holds: named blocks of numbers, and a map of texts.
///
/// 8 bytes little-endian header length N; N bytes of JSON; then the tensors' bytes without gaps.
/// Source: the format's README and `safetensors/src/tensor.rs`.
public struct SafetensorsFile: Sendable, Hashable {
  /// `__metadata__`.
  public var metadata: [String: String]
  public var tensors: [String: Resource]

  public init(metadata: [String: String] = [:], tensors: [String: Resource] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The largest header, in bytes.
  public static let maximumHeader = 1 << 20
  /// The largest number of tensors.
  public static let maximumTensors = 4096
  /// The longest name of a tensor, in bytes.
  public static let maximumName = 256
  /// The largest number of dimensions.
  public static let maximumRank = 4

  /// The key that stands for the metadata and can be no tensor's name.
  static let metadataKey = "__metadata__"
}

/// Where a tensor's bytes stand in a file, by its header.
struct TensorLayout: Hashable {
  let name: String
  let type: ElementType
  let shape: [Int]
  /// Relative to the first byte after the header.
  let extent: Range<Int>
}

extension ElementType {
  /// The reference writer sorts by its list of types, narrow ones first.
  var rank: Int {
    switch self {
    case .u8: 0
    case .i32: 1
    case .f32: 2
    case .f64: 3
    case .i64: 4
    }
  }
}

/// The product of a shape's dimensions and a size, if it fits.
func byteCount(_ shape: [Int], _ type: ElementType) -> Int? {
  var product = type.size
  for dimension in shape {
    let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
    if overflow { return nil }
    product = next
  }
  return product
}
