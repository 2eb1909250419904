public import Pipeline

/// The laws that every one-to-one stage keeps. One line gives a new stage its suite:
///
///     #expect(try StageLaws.violations(of: MyStage(), on: NaughtyText.chunk) == [])
public enum StageLaws {
  /// What the stage does against the laws, in words; empty for a good stage.
  ///
  /// - One record out for each record in, in order, for a chunk of none too.
  /// - A record's output does not depend on its neighbours, on how the stream is cut into chunks, or
  ///   on what the runner saw before.
  /// - Offsets change nothing but themselves, and lie within the original record.
  /// - Options and resources survive being saved, and the saved stage does the same.
  public static func violations<S: Stage>(of stage: S, on input: S.Input) throws -> [String]
  where S.Input: Cuttable, S.Output: Cuttable {
    var problems: [String] = []
    if input.count < 2 { problems.append("the input is too small to show anything") }
    for context in [RunContext(), RunContext(tracksOffsets: true)] {
      let whole = try run(stage, on: [input], context)
      if whole.count != input.count {
        problems.append("\(input.count) records in, \(whole.count) out")
        continue
      }
      problems += try chunkViolations(of: stage, on: input, whole, context)
    }
    problems += try savingViolations(of: stage, on: input)
    return problems
  }

  /// The records that a fresh runner makes of the chunks.
  public static func run<S: Stage>(
    _ stage: S, on chunks: [S.Input], _ context: RunContext = RunContext()
  ) throws -> [S.Output.Record] where S.Output: Cuttable {
    var runner = try stage.makeRunner(context)
    var records: [S.Output.Record] = []
    for chunk in chunks { records += try runner.consume(chunk).records }
    if let rest = try runner.finish() { records += rest.records }
    return records
  }

  private static func chunkViolations<S: Stage>(
    of stage: S, on input: S.Input, _ whole: [S.Output.Record], _ context: RunContext
  ) throws -> [String] where S.Input: Cuttable, S.Output: Cuttable {
    var problems: [String] = []
    for size in [1, 2, 3, 7] {
      let chunks = stride(from: 0, to: input.count, by: size).map {
        input.cut($0..<min($0 + size, input.count))
      }
      if try run(stage, on: chunks, context) != whole {
        problems.append("chunks of \(size) give another result than one chunk")
      }
    }
    let none = input.cut(0..<0)
    if try run(stage, on: [none, input, none], context) != whole {
      problems.append("empty chunks change the result")
    }
    if try run(stage, on: [input, input], context) != whole + whole {
      problems.append("the result depends on what the runner saw before")
    }
    return problems
  }

  private static func savingViolations<S: Stage>(
    of stage: S, on input: S.Input
  ) throws -> [String] where S.Input: Cuttable, S.Output: Cuttable {
    var problems: [String] = []
    let json = try JSONValue(encoding: stage.options)
    let options = try json.decode(S.Options.self)
    if options != stage.options { problems.append("options do not survive JSON") }
    var writer = ResourceWriter()
    try stage.write(to: &writer)
    let reader = ResourceReader(writer.resources)
    let saved = try S(options: options, resources: reader)
    if reader.consumed != Set(writer.resources.keys) {
      problems.append("the stage does not read all that it wrote")
    }
    var again = ResourceWriter()
    try saved.write(to: &again)
    if again.resources != writer.resources {
      problems.append("the saved stage saves something else")
    }
    if try run(saved, on: [input]) != run(stage, on: [input]) {
      problems.append("the saved stage gives another result")
    }
    return problems
  }
}

// MARK: Offsets

extension StageLaws {
  /// What a stage from text to text does against the laws of offsets.
  ///
  /// - The text is the same with and without them; there is one range for each byte.
  /// - Ranges lie within the original record, on borders of its scalars.
  /// - They compose: rewriting a rewritten text gives ranges of the original.
  /// - Where `isMonotonic`, ranges never step back.
  public static func offsetViolations<S: Stage>(
    of stage: S, on input: TextChunk, isMonotonic: Bool = true
  ) throws -> [String] where S.Input == TextChunk, S.Output == TextChunk {
    var problems: [String] = []
    let plain = try run(stage, on: [input])
    let tracked = try run(stage, on: [input], RunContext(tracksOffsets: true))
    if plain.contains(where: { $0.starts != nil || $0.ends != nil }) {
      problems.append("offsets that nobody asked for")
    }
    if plain.map(\.bytes) != tracked.map(\.bytes) { problems.append("offsets change the text") }
    var aligned = input
    aligned.alignment = Alignment(identityOf: input)
    if try run(stage, on: [aligned], RunContext(tracksOffsets: true)) != tracked {
      problems.append("an identity before the stage changes its offsets")
    }
    for (i, record) in tracked.enumerated() {
      problems += violations(of: record, madeOf: Array(input.bytes[input.range(i)]), isMonotonic)
        .map { "record \(i): \($0)" }
    }
    return problems
  }

  private static func violations(
    of record: TextChunk.Record, madeOf original: [UInt8], _ isMonotonic: Bool
  ) -> [String] {
    guard let starts = record.starts, let ends = record.ends,
      starts.count == record.bytes.count, ends.count == record.bytes.count
    else { return ["not one range for each byte"] }
    var problems: [String] = []
    let isBorder = { (at: UInt32) in
      at == original.count || at < original.count && original[Int(at)] & 0xC0 != 0x80
    }
    for i in starts.indices {
      if starts[i] > ends[i] || !isBorder(starts[i]) || !isBorder(ends[i]) {
        problems.append("byte \(i) stands for \(starts[i])..<\(ends[i]) of \(original.count)")
      }
      if isMonotonic, i > 0, starts[i] < starts[i - 1] || ends[i] < ends[i - 1] {
        problems.append("byte \(i) steps back")
      }
    }
    return problems
  }
}
