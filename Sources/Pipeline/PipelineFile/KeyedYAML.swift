/// A YAML text as a JSON value that knows on which lines its keys stand, for messages about them.
/// Bounded in size, aliases and depth as pipeline files are; a key that stands twice is refused.
public struct KeyedYAML: Sendable {
  public let value: JSONValue
  private var lines: [[String]: Int] = [:]

  /// Reads one document; an empty one is an object without members. O(bytes).
  /// - Parameter name: the file's name, for messages.
  /// - Throws: `PipelineError.malformedPipelineFile`, which names the line.
  public init(_ text: [UInt8], name: String) throws {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw PipelineError.malformedPipelineFile(place: name, problem: "malformed UTF-8")
    }
    var reader = YAMLReader(file: name)
    guard let root = try reader.root(of: text) else {
      value = [:]
      return
    }
    value = try reader.value(root, depth: 0)
    note(root, path: [])
  }

  /// The line of a key, found by the keys that lead to it; 1 for a key that is not there.
  public func line(_ path: [String]) -> Int { lines[path] ?? 1 }

  private mutating func note(_ node: YAMLNode, path: [String]) {
    // Two levels are what configurations have.
    guard path.count < 2, case .mapping(let members) = node.content else { return }
    for (key, element) in members {
      guard let name = key.text else { continue }
      lines[path + [name]] = key.line
      note(element, path: path + [name])
    }
  }
}
