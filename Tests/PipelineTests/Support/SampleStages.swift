import Pipeline

/// Puts a text before every record. Its options are of every kind.
struct Prefix: Stage {
  enum Form: String, Codable { case plain, doubled }

  struct Nested: Codable, Hashable {
    var depth = 1
    var ratio = 0.5
  }

  struct Options: StageOptions {
    var text = ">"
    var form = Form.plain
    var times = 1
    var scale = 1.5
    var isOn = true
    var nested = Nested()
  }

  static let descriptor = StageDescriptor(
    id: "sample.prefix@1", summary: "Puts a text before every record", input: .text,
    output: .text,
    options: [OptionDescriptor("form", "How often", choices: ["plain", "doubled"])])

  var options = Options()
  init(options: Options, resources: ResourceReader = ResourceReader()) { self.options = options }

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    Runner(prefix: options.text)
  }

  private struct Runner: StageRunner {
    let prefix: String
    func consume(_ chunk: TextChunk) -> TextChunk {
      TextChunk((0..<chunk.count).map { prefix + chunk.string($0) })
    }
  }
}

/// Says that it is one-to-one, but gives one record more.
struct Liar: Stage {
  static let descriptor = StageDescriptor(
    id: "sample.liar@1", summary: "Gives one record too many", input: .text, output: .text)
  let options = NoOptions()
  init(options: NoOptions = NoOptions(), resources: ResourceReader = ResourceReader()) {}

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> { Runner() }

  private struct Runner: StageRunner {
    func consume(_ chunk: TextChunk) -> TextChunk {
      TextChunk((0..<chunk.count).map(chunk.string) + ["extra"])
    }
  }
}

/// Joins all records into one, which it gives at the end.
struct Join: Stage {
  static let descriptor = StageDescriptor(
    id: "sample.join@1", summary: "Joins all records", input: .text, output: .text,
    isOneToOne: false)
  let options = NoOptions()
  init(options: NoOptions = NoOptions(), resources: ResourceReader = ResourceReader()) {}

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> { Runner() }

  private struct Runner: StageRunner {
    var joined = ""
    mutating func consume(_ chunk: TextChunk) -> TextChunk {
      for i in 0..<chunk.count { joined += chunk.string(i) }
      return TextChunk()
    }
    func finish() -> TextChunk? { TextChunk([joined]) }
  }
}

/// Drops the bytes of its resource from every record, and so has something to save.
struct Dropper: Stage {
  static let descriptor = StageDescriptor(
    id: "sample.drop@1", summary: "Drops bytes", input: .text, output: .text)
  let options: NoOptions
  let dropped: [UInt8]

  init(dropping dropped: [UInt8]) { (options, self.dropped) = (NoOptions(), dropped) }

  init(options: NoOptions, resources: ResourceReader) throws {
    self.options = options
    dropped = try resources.bytes("dropped")
  }

  func write(to resources: inout ResourceWriter) throws {
    try resources.add("dropped", bytes: dropped)
  }

  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    Runner(dropped: dropped)
  }

  private struct Runner: StageRunner {
    let dropped: [UInt8]
    func consume(_ chunk: TextChunk) -> TextChunk {
      var output = TextChunk()
      for i in 0..<chunk.count {
        output.append(chunk.bytes[chunk.range(i)].filter { !dropped.contains($0) })
      }
      return output
    }
  }
}
