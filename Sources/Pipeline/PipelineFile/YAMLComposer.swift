import CSystemYAML

/// Builds the nodes of one YAML document from the events of libyaml. O(bytes): an alias shares the
/// node that it names, so that whoever walks the nodes has to bound what aliases repeat.
struct YAMLComposer: ~Copyable {
  private let file: String
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var anchors: [String: YAMLNode] = [:]

  /// - Parameter text: must outlive the composer.
  init(_ text: UnsafeBufferPointer<UInt8>, file: String) throws {
    self.file = file
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw PipelineError.malformedPipelineFile(place: file, problem: "no memory to read it")
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The root of the only document; `nil` where the text has none.
  /// - Throws: `PipelineError.malformedPipelineFile`, which names the line.
  mutating func root() throws -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case .streamEnd: return root
      case .documentStart where root != nil: throw fault(event.line, "a second document")
      case .streamStart, .documentStart, .documentEnd: continue
      default: root = try node(event, depth: 0)
      }
    }
  }

  private mutating func node(_ event: Event, depth: Int) throws -> YAMLNode {
    guard depth <= JSONParser.maximumDepth + 1 else {
      throw fault(event.line, "nested deeper than \(JSONParser.maximumDepth)")
    }
    let content: YAMLNode.Content
    switch event.kind {
    case .alias(let name):
      guard let node = anchors[name] else {
        throw fault(event.line, "alias \"\(name)\" leads nowhere")
      }
      return node
    case .scalar(let text, let isPlain):
      try check(event, mayBe: "tag:yaml.org,2002:str")
      content = .scalar(text, isPlain: isPlain && event.tag == nil)
    case .sequenceStart:
      try check(event, mayBe: "tag:yaml.org,2002:seq")
      content = .sequence(try elements(depth))
    case .mappingStart:
      try check(event, mayBe: "tag:yaml.org,2002:map")
      let nodes = try elements(depth)
      content = .mapping(
        stride(from: 0, to: nodes.count - 1, by: 2).map { (key: nodes[$0], value: nodes[$0 + 1]) })
    default: throw fault(event.line, "a value is expected")
    }
    let node = YAMLNode(line: event.line, content: content)
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
  }

  /// The nodes up to the end of a sequence or of a mapping.
  private mutating func elements(_ depth: Int) throws -> [YAMLNode] {
    var nodes: [YAMLNode] = []
    while true {
      let event = try next()
      if case .collectionEnd = event.kind { return nodes }
      nodes.append(try node(event, depth: depth + 1))
    }
  }

  private func check(_ event: Event, mayBe usual: String) throws {
    guard let tag = event.tag, tag != "!", tag != usual else { return }
    throw fault(event.line, "tag \"\(tag)\" has no meaning here")
  }

  private func fault(_ line: Int, _ problem: String) -> PipelineError {
    .malformedPipelineFile(place: "\(file):\(line)", problem: problem)
  }
}

// MARK: - Events

extension YAMLComposer {
  private struct Event {
    enum Kind {
      case streamStart, streamEnd, documentStart, documentEnd, sequenceStart, mappingStart
      case collectionEnd
      case alias(String)
      case scalar(String, isPlain: Bool)
    }

    let kind: Kind
    let line: Int
    var anchor: String?
    var tag: String?
  }

  private func next() throws -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw parserFault() }
    defer { yaml_event_delete(&event) }
    let line = Int(event.start_mark.line) + 1
    switch event.type {
    case YAML_STREAM_START_EVENT: return Event(kind: .streamStart, line: line)
    case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, line: line)
    case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, line: line)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      return Event(kind: .collectionEnd, line: line)
    case YAML_ALIAS_EVENT:
      return Event(kind: .alias(Self.string(event.data.alias.anchor) ?? ""), line: line)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return Event(
        kind: .sequenceStart, line: line, anchor: Self.string(start.anchor),
        tag: Self.string(start.tag))
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return Event(
        kind: .mappingStart, line: line, anchor: Self.string(start.anchor),
        tag: Self.string(start.tag))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // A text may hold NUL, so its length counts.
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return Event(
        kind: .scalar(
          String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
        line: line, anchor: Self.string(scalar.anchor), tag: Self.string(scalar.tag))
    default: return Event(kind: .streamEnd, line: line)
    }
  }

  private func parserFault() -> PipelineError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be read as YAML"
    // A scanner fault at the end of the text stands on the line after the last.
    let context = parser.pointee.context_mark.line + 1
    let line = parser.pointee.problem_mark.line + 1
    let isAtEnd = parser.pointee.eof != 0 && parser.pointee.problem_mark.column == 0
    return fault(Int(isAtEnd ? max(context, line - 1) : line), problem)
  }

  private static func string(_ text: UnsafePointer<UInt8>?) -> String? {
    text.map { String(cString: $0) }
  }

  private static func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
    text.map { String(cString: $0) }
  }
}
