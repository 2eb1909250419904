import Seq
import Tokenize

@testable import Pipeline

/// Pipelines and options as users write them: YAML, JSON, and texts of the command line.
struct ConfigTarget: FuzzTarget {
  private let registry: Registry
  private let sample = TextChunk(["ab Cd", "", "né 12"])

  init() throws {
    registry = try Registry(
      PipelineStages.all + TokenizeStages.all + SeqStages.all + ExternalStages.all)
  }

  /// ICU gives up after a time where a pattern of the input is hard.
  func mayThrow(_ error: any CategorizedError) -> Bool {
    if case .icu? = error as? TokenizeError { return true }
    return error.category != .software
  }

  func test(_ input: [UInt8]) throws {
    var source = ByteSource(input)
    let kind = source.byte() % 5
    let bytes = Array(source.rest)
    switch kind {
    case 0: try checkPlan(PipelinePlan(bytes, name: "p.yaml"))
    case 1: try checkPlan(PipelinePlan(bytes, name: "p.json"))
    case 2:
      let yaml = try KeyedYAML(bytes, name: "c.yaml")
      checkJSON(yaml.value)
      for key in yaml.value.objectValue?.keys ?? [] {
        law(yaml.line([key]) >= 1, "key \(key) stands nowhere")
      }
    case 3: checkJSON(try JSONParser.parse(bytes))
    default: try checkTexts(bytes)
    }
  }

  /// What is written is read back as it was.
  private func checkJSON(_ value: JSONValue) {
    let text = value.bytes()
    do {
      let again = try JSONParser.parse(text, maximumSize: .max)
      law(again == value, "JSON is read back otherwise: \(value.text())")
      law(again.bytes() == text, "JSON is written otherwise: \(value.text())")
    } catch { fail("JSON is not read back: \(error)") }
  }

  private func checkPlan(_ plan: PipelinePlan) throws {
    let text = plan.yaml
    do {
      let again = try PipelinePlan(Array(text.utf8), name: "again.yaml")
      law(
        again.steps.map(\.stage) == plan.steps.map(\.stage)
          && again.steps.map(\.options) == plan.steps.map(\.options),
        "a pipeline is read back otherwise: \(text)")
    } catch { fail("a pipeline is not read back: \(error)\n\(text)") }
    guard plan.steps.count <= 8, !plan.steps.contains(where: { $0.stage == "model" }) else {
      return
    }
    let chain = try plan.chain(in: registry)
    law(chain.stages.allSatisfy { !$0.descriptor.isExternal }, "a file names a program")
    let resolved = try plan.resolved(in: registry)
    let again = try resolved.resolved(in: registry)
    law(again.steps.map(\.options) == resolved.steps.map(\.options), "options are resolved twice")
    guard chain.input == .text else { return }
    var runner = try chain.makeRunner()
    let output = try runner.consume(sample)
    let held = try runner.finish().reduce(0) { $0 + $1.count }
    law(!chain.isOneToOne || output.count == 3 && held == 0, "\(output.count) and \(held) records")
  }

  /// The first line is a stage as `--stage` takes it, the others as `--set` does.
  private func checkTexts(_ bytes: [UInt8]) throws {
    let lines = TextChunk(lines: bytes)
    var plan = PipelinePlan()
    try plan.append(stage: lines.string(0), place: "--stage")
    for i in 1..<max(1, lines.count) { try plan.set(lines.string(i)) }
    try checkPlan(plan)
  }

  func mutate(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    JSONMutator.mutate(input.dropLast(), &random).map { $0 + input.suffix(1) }
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    var seeds: [[UInt8]] = [try project.bytes("examples/clean.yaml") + [0]]
    for entry in registry.entries {
      guard let options = try entry.defaultOptions().objectValue else { continue }
      let id = entry.descriptor.id
      let plan = PipelinePlan(steps: [.init(stage: id, options: options, place: "")])
      var row = options
      row["stage"] = .string(id)
      let words = options.members.map { "\($0.key)=\($0.value.text())" }.joined(separator: ", ")
      seeds.append(Array(plan.yaml.utf8) + [0])
      seeds.append(JSONValue.array([.object(row)]).bytes() + [1])
      seeds.append(Array("\(id)(\(words))\n1.a=1\n\(id).b.c=[2]".utf8) + [4])
      seeds.append(JSONValue.object(JSONObject([(id, .object(options))])).bytes() + [3])
    }
    let yaml = "a: &x [1, 2.5, ~, \"\\u00e9\", 'it''s', !!str 3]\nb: {c: *x, d: |\n    text\n  }\n"
    let block =
      "- &a {stage: normalize.unicode, form: nfkc}\n- *a\n- stage: segment.unicode\n  by: word\n"
    return seeds + [
      Array(yaml.utf8) + [2], Array(block.utf8) + [0], Array("exec:./a 'b c'".utf8) + [4],
    ]
  }
}
