import Glibc

extension PipelinePlan {
  /// The largest pipeline file, in bytes.
  public static let maximumSize = 256 << 10

  /// Reads a pipeline file; `-` is standard input.
  ///
  /// A file whose name ends in `.json`, or whose text is JSON, is read as JSON, all else as YAML.
  /// Size, nesting and what anchors expand to are bounded; a key that stands twice is refused.
  /// - Throws: `PipelineError.malformedPipelineFile`, `.cannotOpen`, `.cannotRead`.
  public static func read(_ path: String) throws -> PipelinePlan {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path == "-" ? "/dev/stdin" : path, maximumSize: maximumSize)
    } catch PipelineError.cannotRead(_, EFBIG) {
      throw PipelineError.malformedPipelineFile(
        place: path, problem: "is longer than \(maximumSize) bytes")
    }
    return try PipelinePlan(bytes, name: path)
  }

  /// Reads a pipeline from the text of a file.
  /// - Parameter name: the file's name, for errors.
  /// - Throws: `PipelineError.malformedPipelineFile`.
  public init(_ bytes: [UInt8], name: String) throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    let fault = { (line: Int, problem: String) in
      PipelineError.malformedPipelineFile(place: "\(name):\(line)", problem: problem)
    }
    guard text.count <= Self.maximumSize else {
      throw fault(1, "is longer than \(Self.maximumSize) bytes")
    }
    if let bad = text.withUnsafeBufferPointer({ UTF8Scanner.firstMalformed(in: $0) }) {
      throw fault(Self.line(of: bad, in: text), "malformed UTF-8")
    }
    let start = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if name.hasSuffix(".json") || start == UInt8(ascii: "[") || start == UInt8(ascii: "{") {
      do {
        self = try PipelinePlan(json: JSONParser.parse(text), name: name)
        return
      } catch PipelineError.malformedJSON(let offset, let problem) where name.hasSuffix(".json") {
        throw fault(Self.line(of: offset, in: text), problem)
      } catch PipelineError.malformedJSON {
        // YAML has brackets too.
      }
    }
    self = try PipelinePlan(yaml: text, name: name)
  }

  private init(json: JSONValue, name: String) throws {
    guard let rows = json.arrayValue else {
      throw PipelineError.malformedPipelineFile(place: name, problem: Self.shape)
    }
    try self.init(
      steps: rows.enumerated().map { index, row in
        let place = "\(name): step \(index + 1)"
        guard let object = row.objectValue else {
          throw PipelineError.malformedPipelineFile(place: place, problem: Self.shape)
        }
        return try Self.step(object, place: place)
      })
  }

  static let shape = "a pipeline is a list of stages, each {stage: id, option: value, ...}"

  /// The step of an object with the key `stage`.
  static func step(
    _ object: JSONObject, place: String, optionPlaces: [String: String] = [:]
  ) throws -> Step {
    guard let stage = object["stage"]?.stringValue, !stage.isEmpty else {
      throw PipelineError.malformedPipelineFile(
        place: place, problem: "the stage has no key \"stage\" with its id (\(shape))")
    }
    var options = object
    options["stage"] = nil
    return Step(stage: stage, options: options, place: place, optionPlaces: optionPlaces)
  }

  static func line(of offset: Int, in text: [UInt8]) -> Int {
    1 + text.prefix(offset).count { $0 == 0x0A }
  }
}
