import Pipeline

/// The graph as a file. The numbers are those of the fields in `onnx/onnx.proto`.
extension ONNXGraph {
  /// What the file says of its maker.
  private static let producer = "seqtool"
  /// Protocol Buffers' own limit.
  private static let maximumSize = 1 << 31 - 1

  /// The bytes of a model file (`ModelProto`). Equal graphs and texts give equal bytes.
  ///
  /// - Parameter metadata: texts for `metadata_props`, written in the order of their keys' bytes.
  /// - Throws: `SeqError.notExchangeable` where the file would pass 2^31 bytes.
  package func bytes(metadata: [String: String] = [:]) throws -> [UInt8] {
    let size = constants.reduce(0) { $0 + $1.bytes.count }
    guard size < Self.maximumSize - 1 << 20 else {
      throw SeqError.notExchangeable(
        "the weights take \(size) bytes, but an ONNX file holds at most \(Self.maximumSize)")
    }
    var model = ProtobufWriter()
    model.integer(1, Self.formatVersion)
    model.text(2, Self.producer)
    model.message(7, write)
    model.message(8) {
      $0.text(1, "")
      $0.integer(2, Self.operatorSet)
    }
    let keys = metadata.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for key in keys {
      model.message(14) {
        $0.text(1, key)
        $0.text(2, metadata[key] ?? "")
      }
    }
    return model.bytes
  }

  /// `GraphProto`.
  private func write(to graph: inout ProtobufWriter) {
    for node in nodes { graph.message(1, node.write) }
    graph.text(2, name)
    for constant in constants { graph.message(5, constant.write) }
    for input in inputs { graph.message(11, input.write) }
    for output in outputs { graph.message(12, output.write) }
  }
}

extension ONNXGraph.Node {
  /// `NodeProto`; a node's name is that of its first output.
  fileprivate func write(to node: inout ProtobufWriter) {
    for input in inputs { node.text(1, input) }
    for output in outputs { node.text(2, output) }
    node.text(3, outputs.first { !$0.isEmpty } ?? operation)
    node.text(4, operation)
    for (name, value) in attributes {
      node.message(5) {
        $0.text(1, name)
        value.write(to: &$0)
      }
    }
  }
}

extension ONNXGraph.Attribute {
  /// The value and its type in an `AttributeProto`.
  fileprivate func write(to attribute: inout ProtobufWriter) {
    switch self {
    case .integer(let value):
      attribute.integer(3, value)
      attribute.integer(20, 2)
    case .float(let value):
      attribute.float(2, value)
      attribute.integer(20, 1)
    case .text(let value):
      attribute.text(4, value)
      attribute.integer(20, 3)
    case .integers(let values):
      for value in values { attribute.integer(8, value) }
      attribute.integer(20, 7)
    case .texts(let values):
      for value in values { attribute.text(9, value) }
      attribute.integer(20, 8)
    }
  }
}

extension ONNXGraph.Constant {
  /// `TensorProto`.
  fileprivate func write(to tensor: inout ProtobufWriter) {
    for dimension in shape { tensor.integer(1, dimension) }
    tensor.integer(2, type.rawValue)
    tensor.text(8, name)
    tensor.data(9, bytes)
  }
}

extension ONNXGraph.Value {
  /// `ValueInfoProto`, with a `TypeProto` and a `TensorShapeProto` in it.
  fileprivate func write(to value: inout ProtobufWriter) {
    value.text(1, name)
    value.message(2) {
      $0.message(1) {
        $0.integer(1, type.rawValue)
        $0.message(2) { message in
          for dimension in shape { message.message(1, dimension.write) }
        }
      }
    }
  }
}

extension ONNXGraph.Dimension {
  fileprivate func write(to dimension: inout ProtobufWriter) {
    switch self {
    case .fixed(let length): dimension.integer(1, length)
    case .named(let name): dimension.text(2, name)
    }
  }
}
