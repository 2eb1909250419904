import Pipeline

/// The parts of an ONNX file that the tests look at, read back from its bytes.
struct ONNXFile {
  /// The cells that ONNX has operators for.
  static let cells = ["rnn", "rnn-relu", "lstm", "gru"]

  struct Node {
    var operation = ""
    var inputs: [String] = []
    var outputs: [String] = []
    /// Whole numbers and texts, all as text.
    var attributes: [String: [String]] = [:]
  }

  struct Constant {
    var shape: [Int] = []
    var type = 0
    var bytes: [UInt8] = []

    var floats: [Float] {
      stride(from: 0, to: bytes.count, by: 4).map { i in
        Float(bitPattern: bytes[i..<i + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
      }
    }
  }

  /// `name: type [dimension, ...]`.
  private(set) var inputs: [String] = []
  private(set) var outputs: [String] = []
  private(set) var nodes: [Node] = []
  private(set) var constants: [String: Constant] = [:]
  private(set) var metadata: [String: String] = [:]
  private(set) var operatorSet = 0
  private(set) var formatVersion = 0

  init(_ bytes: [UInt8]) throws {
    for field in try Field.all(bytes) {
      switch field.number {
      case 1: formatVersion = field.integer
      case 7: try readGraph(field.bytes)
      case 8: operatorSet = try Field.first(2, of: field.bytes)?.integer ?? 0
      case 14:
        let key = try Field.first(1, of: field.bytes)?.text ?? ""
        metadata[key] = try Field.first(2, of: field.bytes)?.text
      default: break
      }
    }
  }

  private mutating func readGraph(_ bytes: [UInt8]) throws {
    for field in try Field.all(bytes) {
      switch field.number {
      case 1: nodes.append(try Self.node(field.bytes))
      case 5:
        let (name, constant) = try Self.constant(field.bytes)
        constants[name] = constant
      case 11: inputs.append(try Self.value(field.bytes))
      case 12: outputs.append(try Self.value(field.bytes))
      default: break
      }
    }
  }

  private static func node(_ bytes: [UInt8]) throws -> Node {
    var node = Node()
    for field in try Field.all(bytes) {
      switch field.number {
      case 1: node.inputs.append(field.text)
      case 2: node.outputs.append(field.text)
      case 4: node.operation = field.text
      case 5:
        let parts = try Field.all(field.bytes)
        let name = parts.first { $0.number == 1 }?.text ?? ""
        node.attributes[name] = parts.filter { (2...9).contains($0.number) }.map {
          $0.bytes.isEmpty ? "\($0.integer)" : $0.text
        }
      default: break
      }
    }
    return node
  }

  private static func constant(_ bytes: [UInt8]) throws -> (String, Constant) {
    var constant = Constant()
    var name = ""
    for field in try Field.all(bytes) {
      switch field.number {
      case 1: constant.shape.append(field.integer)
      case 2: constant.type = field.integer
      case 8: name = field.text
      case 9: constant.bytes = field.bytes
      default: break
      }
    }
    return (name, constant)
  }

  private static func value(_ bytes: [UInt8]) throws -> String {
    let name = try Field.first(1, of: bytes)?.text ?? ""
    let type = try Field.first(1, of: Field.first(2, of: bytes)?.bytes ?? [])?.bytes ?? []
    let shape = try Field.first(2, of: type)?.bytes ?? []
    let dimensions = try Field.all(shape).map { dimension in
      let length = try Field.first(1, of: dimension.bytes)
      return try length.map { "\($0.integer)" } ?? Field.first(2, of: dimension.bytes)?.text ?? ""
    }
    return try "\(name): \(Field.first(1, of: type)?.integer ?? 0) \(dimensions)"
  }
}

/// One field of a message, with its value in whatever form.
private struct Field {
  var number: Int
  var integer = 0
  var bytes: [UInt8] = []
  var text: String { String(decoding: bytes, as: UTF8.self) }

  static func all(_ bytes: [UInt8]) throws -> [Field] {
    try bytes.withUnsafeBufferPointer { buffer in
      var reader = ProtobufReader(buffer, 0..<buffer.count)
      var fields: [Field] = []
      while let (number, value) = try reader.next() {
        switch value {
        case .varint(let bits):
          fields.append(Field(number: number, integer: Int(truncatingIfNeeded: bits)))
        case .bytes(let range): fields.append(Field(number: number, bytes: Array(buffer[range])))
        case .fixed32(let bits): fields.append(Field(number: number, integer: Int(bits)))
        case .fixed64: break
        }
      }
      return fields
    }
  }

  static func first(_ number: Int, of bytes: [UInt8]) throws -> Field? {
    try all(bytes).first { $0.number == number }
  }
}
