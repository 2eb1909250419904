extension PipelinePlan {
  /// Reads well-formed UTF-8 of a bounded size as YAML.
  init(yaml text: [UInt8], name: String) throws {
    var reader = YAMLReader(file: name)
    let root = try reader.root(of: text)
    guard case .sequence(let rows)? = root?.content else {
      throw reader.fault(root?.line ?? 1, Self.shape)
    }
    self.init(steps: try rows.map { try reader.step($0) })
  }
}

/// Turns YAML into JSON values, within bounds.
struct YAMLReader {
  /// Values in a document, those that aliases repeat counted each time.
  private static let maximumNodes = 10_000

  let file: String
  private var nodeCount = 0

  init(file: String) { self.file = file }

  func fault(_ line: Int, _ problem: String) -> PipelineError {
    .malformedPipelineFile(place: "\(file):\(line)", problem: problem)
  }

  func root(of text: [UInt8]) throws -> YAMLNode? {
    try text.withUnsafeBufferPointer { text in
      var composer = try YAMLComposer(text, file: file)
      return try composer.root()
    }
  }

  mutating func step(_ node: YAMLNode) throws -> PipelinePlan.Step {
    guard case .mapping(let members) = node.content,
      case .object(let object) = try value(node, depth: 0)
    else { throw fault(node.line, PipelinePlan.shape) }
    var places: [String: String] = [:]
    for (key, _) in members {
      if let name = key.text { places[name] = "\(file):\(key.line)" }
    }
    return try PipelinePlan.step(object, place: "\(file):\(node.line)", optionPlaces: places)
  }

  mutating func value(_ node: YAMLNode, depth: Int) throws -> JSONValue {
    nodeCount += 1
    guard nodeCount <= Self.maximumNodes else {
      throw fault(node.line, "more than \(Self.maximumNodes) values")
    }
    guard depth <= JSONParser.maximumDepth else {
      throw fault(node.line, "nested deeper than \(JSONParser.maximumDepth)")
    }
    switch node.content {
    case .scalar(let text, let isPlain): return isPlain ? plain(text) : .string(text)
    case .sequence(let elements):
      return .array(try elements.map { try value($0, depth: depth + 1) })
    case .mapping(let members):
      var object = JSONObject()
      for (key, element) in members {
        guard let name = key.text else { throw fault(key.line, "a key that is no text") }
        guard object[name] == nil else { throw fault(key.line, "key \"\(name)\" stands twice") }
        object[name] = try value(element, depth: depth + 1)
      }
      return .object(object)
    }
  }

  /// A plain scalar is what JSON takes it for, and a text otherwise (so `no` is a text).
  private func plain(_ text: String) -> JSONValue {
    switch try? JSONParser.parse(text.utf8) {
    case .int(let value)?: .int(value)
    case .double(let value)?: .double(value)
    case .bool(let value)?: .bool(value)
    case .null?: .null
    default: .string(text)
    }
  }
}
