/// One named array of weights within a `ParameterVector`.
public struct Parameter: Sendable, Hashable {
  /// The name in a model file: PyTorch's, where PyTorch has the layer.
  public let name: String
  public let shape: [Int]
  /// Its place among the parameters of the layout.
  let index: Int
  /// Where its first element stands in the vector.
  let offset: Int
  /// What regularisation and the optimiser should know.
  public let role: Role

  /// What kind of weights these are.
  public enum Role: Sendable, Hashable {
    /// A matrix: decays under L1 and L2.
    case weight
    /// A bias or a gain: never decays.
    case bias
    /// A running statistic (of `BatchNorm`): learnt by no gradient. Where its gradient would stand,
    /// the shards of a batch add what they measured.
    case statistic
    /// A table of which a step touches few rows: only those get gradients and updates.
    case sparseTable

    var isDenseAndLearnt: Bool { self == .weight || self == .bias }
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  var range: Range<Int> { offset..<offset + count }
}

/// The arrays of a model in a fixed order: dense ones first, sparse tables last.
public struct ParameterLayout: Sendable, Hashable {
  public private(set) var parameters: [Parameter] = []
  /// The number of elements of the dense parameters, which stand first.
  public private(set) var denseCount = 0
  /// The number of all elements.
  public private(set) var count = 0

  public init() {}

  /// Adds an array and says where it stands.
  ///
  /// - Precondition: no dense parameter comes after a sparse table.
  public mutating func add(_ name: String, _ shape: [Int], _ role: Parameter.Role = .weight)
    -> Parameter
  {
    let parameter = Parameter(
      name: name, shape: shape, index: parameters.count, offset: count, role: role)
    parameters.append(parameter)
    count += parameter.count
    if role != .sparseTable {
      precondition(denseCount == parameter.offset, "dense parameters stand before sparse tables")
      denseCount = count
    }
    return parameter
  }

  /// The dense parameters that gradients move, as ranges of the vector: neighbours are one.
  var learntRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for parameter in parameters where parameter.role.isDenseAndLearnt {
      if let last = ranges.last, last.upperBound == parameter.offset {
        ranges[ranges.count - 1] = last.lowerBound..<parameter.range.upperBound
      } else {
        ranges.append(parameter.range)
      }
    }
    return ranges
  }

  /// The running statistics.
  var statistics: [Parameter] { parameters.filter { $0.role == .statistic } }

  /// The sparse tables.
  var sparseTables: ArraySlice<Parameter> { parameters.drop { $0.role != .sparseTable } }
}
