/// How ONNX has one of our cells: its operator, the order of its gates, its activations.
package struct ONNXCell: Sendable, Hashable {
  /// `RNN`, `LSTM` or `GRU`.
  package let operation: String
  /// For each block of ONNX's weights, the block of ours: from PyTorch's i f g o to i o f c, from
  /// r z n to z r h.
  package let gateOrder: [Int]
  /// The activations of one direction; `nil` for the operator's own.
  package let activation: String?

  /// - Throws: `SeqError.notExchangeable` for a cell that ONNX has no operator for.
  package init(_ cell: any RecurrentCell) throws {
    switch cell {
    case is LSTMCell:
      (operation, gateOrder, activation) = ("LSTM", [0, 3, 1, 2], nil)
    case is GRUCell:
      (operation, gateOrder, activation) = ("GRU", [1, 0, 2], nil)
    case let cell as RNNCell:
      (operation, gateOrder) = ("RNN", [0])
      activation = cell.rectified ? "Relu" : nil
    default:
      throw SeqError.notExchangeable("ONNX has no operator for the cell \(cell.name)")
    }
  }

  /// The attributes of a layer of `directions` directions.
  func attributes(hiddenSize: Int, directions: Int) -> [(String, ONNXGraph.Attribute)] {
    var attributes: [(String, ONNXGraph.Attribute)] = [
      ("direction", .text(directions == 2 ? "bidirectional" : "forward")),
      ("hidden_size", .integer(hiddenSize)),
    ]
    // Our reset gate acts after the recurrent product, as in PyTorch and cuDNN.
    if operation == "GRU" { attributes.append(("linear_before_reset", .integer(1))) }
    if let activation {
      attributes.append(
        ("activations", .texts([String](repeating: activation, count: directions))))
    }
    return attributes
  }

  /// The G blocks of H rows of a parameter in ONNX's order.
  func reordered(_ values: [Float]) -> [Float] {
    let block = values.count / gateOrder.count
    return gateOrder.flatMap { values[$0 * block..<($0 + 1) * block] }
  }
}
