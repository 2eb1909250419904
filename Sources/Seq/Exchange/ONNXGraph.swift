/// A graph of ONNX operators under construction: each call to `add` appends one node and gives the
/// name of its output, so that a network is written as its equations are.
///
/// Sources: `onnx/onnx.proto` and the operator pages of ONNX, operator set 17.
package struct ONNXGraph: Sendable {
  /// The operator set that the nodes are taken from.
  package static let operatorSet = 17
  /// The version of the file format that came with it.
  package static let formatVersion = 8

  /// The element types that are used, by their numbers in `TensorProto.DataType`.
  package enum ElementType: Int, Sendable {
    case float = 1
    case int32 = 6
    case int64 = 7
    case double = 11
  }

  /// A length that is known, or one that each run may choose.
  package enum Dimension: Sendable, Hashable {
    case fixed(Int)
    case named(String)
  }

  /// An input or an output.
  package struct Value: Sendable {
    package var name: String
    package var type: ElementType
    package var shape: [Dimension]
  }

  package enum Attribute: Sendable, Hashable {
    case integer(Int)
    case float(Float)
    case integers([Int])
    case text(String)
    case texts([String])
  }

  package struct Node: Sendable {
    package var operation: String
    package var inputs: [String]
    package var outputs: [String]
    package var attributes: [(name: String, value: Attribute)]
  }

  /// An initialiser: weights, or numbers that an operator wants as an input.
  package struct Constant: Sendable {
    package var name: String
    package var type: ElementType
    package var shape: [Int]
    package var bytes: [UInt8]
  }

  package let name: String
  package private(set) var inputs: [Value] = []
  package private(set) var outputs: [Value] = []
  package private(set) var nodes: [Node] = []
  package private(set) var constants: [Constant] = []
  /// Whether `constants` holds that vector of whole numbers already.
  private var knownNumbers: Set<String> = []

  package init(name: String) { self.name = name }

  /// Declares an input and gives its name.
  package mutating func addInput(
    _ name: String, _ type: ElementType, _ shape: [Dimension]
  ) -> String {
    inputs.append(Value(name: name, type: type, shape: shape))
    return name
  }

  /// Declares that a node's output is one of the graph.
  package mutating func addOutput(_ name: String, _ type: ElementType, _ shape: [Dimension]) {
    outputs.append(Value(name: name, type: type, shape: shape))
  }

  /// Appends a node with one output.
  ///
  /// - Parameter name: the output's name; without one, the operator's with a number.
  package mutating func add(
    _ operation: String, _ inputs: String..., attributes: [(String, Attribute)] = [],
    as name: String? = nil
  ) -> String {
    let output = name ?? "\(operation)_\(nodes.count)"
    append(operation, inputs, outputs: [output], attributes)
    return output
  }

  /// Appends a node. An empty name stands for an optional input or output that is left out.
  package mutating func append(
    _ operation: String, _ inputs: [String], outputs: [String],
    _ attributes: [(String, Attribute)] = []
  ) {
    nodes.append(
      Node(
        operation: operation, inputs: inputs, outputs: outputs,
        attributes: attributes.map { (name: $0.0, value: $0.1) }))
  }

  /// Adds weights and gives their name.
  package mutating func addConstant(_ name: String, _ tensor: Tensor<Float>) -> String {
    constants.append(
      Constant(name: name, type: .float, shape: tensor.shape, bytes: tensor.littleEndianBytes))
    return name
  }

  /// Adds a parameter under its own name.
  mutating func addConstant(
    _ parameter: Parameter, _ weights: ParameterVector<Float>
  ) -> String {
    addConstant(parameter.name, Tensor(parameter.shape, weights[parameter]))
  }

  /// Appends y = W x + b on rows, `[N, inputs]` to `[N, outputs]`.
  mutating func append(
    _ linear: Linear, _ weights: ParameterVector<Float>, _ rows: String, as name: String? = nil
  ) -> String {
    var inputs = [rows, addConstant(linear.weight, weights)]
    if let bias = linear.bias { inputs.append(addConstant(bias, weights)) }
    let output = name ?? "Gemm_\(nodes.count)"
    append("Gemm", inputs, outputs: [output], [("transB", .integer(1))])
    return output
  }

  /// Adds a vector of 64-bit floats and gives its name.
  mutating func addConstant(_ name: String, doubles values: [Double]) -> String {
    let bytes = values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    constants.append(Constant(name: name, type: .double, shape: [values.count], bytes: bytes))
    return name
  }

  /// A vector of whole numbers, as many operators take one; equal ones are one constant.
  package mutating func numbers(_ values: [Int]) -> String {
    number("list_", values, shape: [values.count])
  }

  /// A whole number without a dimension.
  package mutating func number(_ value: Int) -> String { number("number_", [value], shape: []) }

  /// A float without a dimension.
  package mutating func scalar(_ value: Float) -> String {
    let name = "scalar_\(value)"
    if knownNumbers.insert(name).inserted {
      _ = addConstant(name, Tensor([], [value]))
    }
    return name
  }

  private mutating func number(_ prefix: String, _ values: [Int], shape: [Int]) -> String {
    let name = prefix + values.map(String.init).joined(separator: "_")
    if knownNumbers.insert(name).inserted {
      let bytes = values.flatMap { value in
        withUnsafeBytes(of: Int64(value).littleEndian) { Array($0) }
      }
      constants.append(Constant(name: name, type: .int64, shape: shape, bytes: bytes))
    }
    return name
  }
}

extension Tensor where S == Float {
  /// The elements as bytes, row-major.
  var littleEndianBytes: [UInt8] {
    let pointer = pointer
    return [UInt8](unsafeUninitializedCapacity: count * 4) { room, size in
      for i in 0..<count {
        let bits = pointer[i].bitPattern.littleEndian
        UnsafeMutableRawBufferPointer(room).storeBytes(
          of: bits, toByteOffset: 4 * i, as: UInt32.self)
      }
      size = count * 4
    }
  }
}
