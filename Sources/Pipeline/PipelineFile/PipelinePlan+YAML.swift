import Yams

extension PipelinePlan {
  /// Reads well-formed UTF-8 of a bounded size as YAML.
  init(yaml text: [UInt8], name: String) throws {
    var reader = YAMLReader(file: name)
    let root = try reader.root(of: text)
    guard case .sequence(let rows)? = root else {
      throw reader.fault(root?.mark?.line ?? 1, Self.shape)
    }
    self.init(steps: try rows.map { try reader.step($0) })
  }
}

/// Turns YAML into JSON values, within bounds.
struct YAMLReader {
  /// Aliases in a text: what they expand to is then bounded too.
  private static let maximumAliases = 16
  /// Values in a document, those that aliases repeat counted each time.
  private static let maximumNodes = 10_000

  let file: String
  private var nodeCount = 0

  init(file: String) { self.file = file }

  func fault(_ line: Int, _ problem: String) -> PipelineError {
    .malformedPipelineFile(place: "\(file):\(line)", problem: problem)
  }

  func root(of text: [UInt8]) throws -> Node? {
    if let line = lineOfAliasTooMany(text) {
      throw fault(line, "more than \(Self.maximumAliases) aliases")
    }
    do {
      // The parser keeps a pointer to the text, which must not be so short as to stand in the
      // string value itself; and white space at the end changes nothing.
      let string = String(decoding: text, as: UTF8.self) + String(repeating: "\n", count: 16)
      return try Parser(yaml: string, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw explain(error, in: text)
    }
  }

  /// Nested aliases double with each level, before any other check could look: few are let in.
  private func lineOfAliasTooMany(_ text: [UInt8]) -> Int? {
    var count = 0
    var previous = UInt8(ascii: "\n")
    for (i, byte) in text.enumerated() {
      let mayBegin = previous <= 0x20 || [0x2C, 0x5B, 0x7B, 0x3A].contains(previous)
      if byte == UInt8(ascii: "*"), mayBegin, i + 1 < text.count, text[i + 1] > 0x20 { count += 1 }
      if count > Self.maximumAliases { return PipelinePlan.line(of: i, in: text) }
      previous = byte
    }
    return nil
  }

  private func explain(_ error: YamlError, in text: [UInt8]) -> PipelineError {
    let lastLine = PipelinePlan.line(of: max(0, text.count - 1), in: text)
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return fault(min(mark.line, lastLine), problem)
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
      return fault(context.mark.line, "key \(names) stands twice")
    case .reader(let problem, let offset, _, let yaml):
      return fault(1 + yaml.prefix(offset ?? 0).count { $0.isNewline }, problem)
    default: return fault(1, "cannot be read as YAML")
    }
  }

  mutating func step(_ node: Node) throws -> PipelinePlan.Step {
    let line = node.mark?.line ?? 1
    guard case .mapping(let mapping) = node else { throw fault(line, PipelinePlan.shape) }
    guard case .object(let object) = try value(node, depth: 0) else {
      throw fault(line, PipelinePlan.shape)
    }
    var places: [String: String] = [:]
    for (key, _) in mapping {
      if let name = key.scalar?.string, let line = key.mark?.line {
        places[name] = "\(file):\(line)"
      }
    }
    return try PipelinePlan.step(object, place: "\(file):\(line)", optionPlaces: places)
  }

  mutating func value(_ node: Node, depth: Int) throws -> JSONValue {
    nodeCount += 1
    let line = node.mark?.line ?? 1
    guard nodeCount <= Self.maximumNodes else {
      throw fault(line, "more than \(Self.maximumNodes) values")
    }
    guard depth <= JSONParser.maximumDepth else {
      throw fault(line, "nested deeper than \(JSONParser.maximumDepth)")
    }
    switch node {
    case .scalar(let scalar): return try value(scalar, line)
    case .sequence(let sequence):
      return .array(try sequence.map { try value($0, depth: depth + 1) })
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, element) in mapping {
        guard case .scalar(let name) = key else { throw fault(line, "a key that is no text") }
        guard object[name.string] == nil else {
          throw fault(line, "key \"\(name.string)\" stands twice")
        }
        object[name.string] = try value(element, depth: depth + 1)
      }
      return .object(object)
    case .alias: throw fault(line, "an alias that leads nowhere")
    }
  }

  /// A plain scalar is what JSON takes it for, and a text otherwise (so `no` is a text); a quoted
  /// one always is a text.
  private func value(_ scalar: Node.Scalar, _ line: Int) throws -> JSONValue {
    let tag = scalar.tag.rawValue
    guard ["", "!", "tag:yaml.org,2002:str"].contains(tag) else {
      throw fault(line, "tag \"\(tag)\" has no meaning here")
    }
    guard scalar.style == .plain, !scalar.string.isEmpty else { return .string(scalar.string) }
    switch try? JSONParser.parse(scalar.string.utf8) {
    case .int(let value)?: return .int(value)
    case .double(let value)?: return .double(value)
    case .bool(let value)?: return .bool(value)
    case .null?: return .null
    default: return .string(scalar.string)
    }
  }
}
