import Pipeline
import TestSupport
import Testing

@Suite struct PipelinePlanTests {
  private let registry: Registry

  init() throws {
    registry = try Registry([
      StageEntry(Prefix.self), StageEntry(Liar.self), StageEntry(Dropper.self),
    ])
  }

  private func plan(_ text: String, name: String = "p.yaml") throws -> PipelinePlan {
    try PipelinePlan(Array(text.utf8), name: name)
  }

  private func error(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private func object(_ value: JSONValue) -> JSONObject { value.objectValue ?? JSONObject() }

  /// What the command line takes can be written to a file and read again.
  @Test func optionsAreNestedNoDeeperThanAFileMayHold() throws {
    let path = { "1" + String(repeating: ".a", count: $0) }
    let list = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    for (keys, lists) in [(31, 0), (1, 30), (16, 15)] {
      for extra in 0...1 {
        var plan = PipelinePlan()
        try plan.append(stage: "s", place: "--stage")
        let text = "\(path(keys + extra))=\(lists > 0 ? list(lists) : "b")"
        guard extra == 0 else {
          #expect(error { try plan.set(text) }.contains("nested deeper than 31"), "\(text)")
          continue
        }
        try plan.set(text)
        #expect(try self.plan(plan.yaml).steps.map(\.options) == plan.steps.map(\.options))
      }
    }
    var plan = PipelinePlan()
    try plan.append(stage: "s(a=\(list(30)))", place: "--stage")
    #expect(try self.plan(plan.yaml).steps.map(\.options) == plan.steps.map(\.options))
    let deep = error { try plan.append(stage: "s(a=\(list(31)))", place: "--stage") }
    #expect(deep.contains("nested deeper than 31"))
    let endless = error { try plan.set(path(200_000) + "=b") }
    #expect(endless.contains("nested deeper than 31"))
  }

  /// YAML takes a key of more than 1,024 bytes only with a mark before it.
  @Test(arguments: ["a", "\u{0}", "é", "😀"])
  func keysOfEveryLengthAreReadBack(character: String) throws {
    for length in [1, 99, 100, 101, 999, 1000, 1001, 1023, 1024, 1025, 3000] {
      let key = String(repeating: character, count: length)
      let inner = JSONObject([(key + "b", .int(1)), ("c", .array([.string("d")]))])
      let options = JSONObject([
        (key, JSONValue.array([.object(inner)])), ("z", JSONValue.object(inner)),
      ])
      let plan = PipelinePlan(steps: [.init(stage: "s", options: options, place: "")])
      let again = try self.plan(plan.yaml)
      #expect(again.steps.map(\.options) == [options], "\(length)")
    }
  }

  @Test func yamlAndJSONSayTheSame() throws {
    let yaml = try plan(
      """
      # A comment.
      - stage: sample.prefix
        text: 'it''s # text'
        times: 3
        scale: 2.5
        isOn: false
        nested: {depth: 2}
      - {stage: sample.liar@1}
      """)
    let json = try plan(
      """
      [{"stage": "sample.prefix", "text": "it's # text", "times": 3, "scale": 2.5, "isOn": false,
        "nested": {"depth": 2}}, {"stage": "sample.liar@1"}]
      """, name: "p.json")
    #expect(yaml.steps.map(\.stage) == json.steps.map(\.stage))
    #expect(yaml.steps.map(\.options) == json.steps.map(\.options))
    let chain = try yaml.chain(in: registry)
    let options = try #require(chain.first(Prefix.self)?.options)
    #expect(options.text == "it's # text" && options.times == 3 && options.scale == 2.5)
    #expect(!options.isOn && options.nested.depth == 2 && options.nested.ratio == 0.5)
  }

  @Test func whatIsPrintedReadsBackToTheSame() throws {
    let nasty = [
      "", " ", "a: b", "- x", "true", "3", "\"quoted\" \\", "tab\there", "line\nend\r", "é日本👍",
      "\u{0}", "\u{7F}\u{85}\u{2028}\u{FEFF}\u{FFFF}", "#", "*x &y", "{a}", "@1", "null", "~",
    ]
    for text in nasty {
      let step = PipelinePlan.Step(
        stage: "sample.prefix",
        options: object(["text": .string(text), "nested": ["ratio": 1e-300]]), place: "test")
      let full = try PipelinePlan(steps: [step]).resolved(in: registry)
      let again = try plan(full.yaml)
      #expect(again.steps.map(\.stage) == ["sample.prefix@1"])
      #expect(again.steps.map(\.options) == full.steps.map(\.options), "\(Array(text.utf8))")
      #expect(again.yaml == full.yaml)
      #expect(full.steps[0].options.count == 6)
    }
  }

  @Test(arguments: [
    ("- stage: sample.prefix\n  txet: x\n", "p.yaml:2: ", "did you mean \"text\"?"),
    ("- stage: sample.prefix\n  times: x\n", "p.yaml:2: ", "a whole number"),
    ("- stage: sample.prefix\n\n  form: plane\n", "p.yaml:3: ", "did you mean \"plain\"?"),
    ("- stage: sample.prefix\n  nested:\n    deep: 1\n", "p.yaml:2: ", "nested.depth"),
    ("- stage: sample.prefix\n- stage: sample.prefx\n", "p.yaml:2: ", "sample.prefix@1"),
    ("- stage: sample.prefix@2\n", "p.yaml:1: ", "unknown stage"),
    ("- stage: sample.drop\n", "p.yaml:1: ", "learnt from data"),
    ("- text: x\n", "p.yaml:1: ", "\"stage\""),
    ("stage: sample.prefix\n", "p.yaml:1: ", "a list of stages"),
    ("- sample.prefix\n", "p.yaml:1: ", "a list of stages"),
    ("", "p.yaml:1: ", "a list of stages"),
    ("- stage: sample.prefix\n  text: a\n  text: b\n", "p.yaml:", "\"text\" stands twice"),
    ("- stage: sample.prefix\n  text: [a\n", "p.yaml:2: ", "expected"),
    ("- stage: sample.prefix\n  text: *nobody\n", "p.yaml:2: ", "alias"),
    ("- stage: sample.prefix\n  text: !!binary eA==\n", "p.yaml:2: ", "tag"),
    ("- !!set {stage: sample.prefix}\n", "p.yaml:1: ", "tag"),
    ("- stage: a\n---\n- stage: b\n", "p.yaml:", "document"),
    ("- stage: model\n", "p.yaml:1: ", "file"),
    ("- {stage: model, file: x, until: id}\n", "p.yaml:1: ", "did you mean \"ids\"?"),
    ("- stage: \"\u{1}\"\n", "p.yaml:1: ", "control characters"),
  ])
  func errorsNameTheLine(text: String, place: String, words: String) {
    let message = error { _ = try plan(text).chain(in: registry) }
    #expect(message.hasPrefix(place) && message.contains(words), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test func anEmptyListIsNoChain() throws {
    #expect(throws: PipelineError.emptyChain) { try plan("[]").chain(in: registry) }
  }

  @Test func edgesAreCheckedWhereTheyAre() throws {
    let all = try Registry(registry.entries + [StageEntry(IDsToText.self)])
    let message = error {
      _ = try plan("- stage: sample.prefix\n- stage: sample.ids\n").chain(in: all)
    }
    #expect(message.hasPrefix("p.yaml:2: sample.prefix@1 gives text, but sample.ids@1 takes ids"))
  }

  @Test func anchorsAreBounded() throws {
    let shared = try plan("- {stage: a, x: &x [1, 2]}\n- {stage: b, x: *x}\n")
    #expect(shared.steps[1].options["x"] == [1, 2])
    var bomb = "- stage: a\n  x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...20 {
      let last = "*x\(level - 1)"
      bomb +=
        "  x\(level): &x\(level) [\([String](repeating: last, count: 9).joined(separator: ", "))]\n"
    }
    #expect(error { _ = try plan(bomb) }.contains("values"))
    var small =
      "- stage: a\n  x0: &x0 [\([String](repeating: "1", count: 2000).joined(separator: ", "))]\n"
    for level in 1...5 { small += "  x\(level): &x\(level) [*x\(level - 1), *x\(level - 1)]\n" }
    #expect(error { _ = try plan(small) }.contains("values"))
  }

  @Test func sizeAndDepthAreBounded() {
    let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(error { _ = try plan("- {stage: a, x: \(deep)}") }.contains("nested deeper"))
    let endless = String(repeating: "[", count: 100_000)
    #expect(error { _ = try plan("- {stage: a, x: \(endless)") }.hasPrefix("p.yaml:1: "))
    let long = String(repeating: "- {stage: a}\n", count: 30_000)
    #expect(error { _ = try plan(long) }.contains("longer than"))
    #expect(
      error { _ = try PipelinePlan([0x2D, 0x20, 0xFF], name: "p") }.contains("p:1: malformed"))
  }

  @Test func jsonErrorsNameTheLineOrTheStep() {
    #expect(error { _ = try plan("[\n{\"stage\": 3,}]", name: "p.json") }.hasPrefix("p.json:2: "))
    let message = error {
      _ = try plan("[{\"stage\": \"sample.prefix\", \"txt\": 1}]", name: "p.json").chain(
        in: registry)
    }
    #expect(message.hasPrefix("p.json: step 1: ") && message.contains("\"text\""))
    let twice = error { _ = try plan("[{\"stage\": \"a\", \"stage\": \"b\"}]", name: "p.json") }
    #expect(twice.contains("stands twice"))
  }

  /// Damaged files end in an error or in a plan, never in a crash.
  @Test func damagedTextIsSurvived() {
    let text = Array(
      "- stage: sample.prefix\n  text: &a \"x\\n\"\n  nested: {depth: 2, ratio: *a}\n- {stage: b}\n"
        .utf8)
    var generator = SeededGenerator(5)
    var refused = 0
    for _ in 0..<3000 {
      var damaged = text
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<damaged.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: damaged[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: damaged.remove(at: place)
        default: damaged.insert(damaged[place], at: damaged.count / 2)
        }
      }
      if (try? PipelinePlan(damaged, name: "p")) == nil { refused += 1 }
    }
    #expect(refused > 500)
  }

  @Test func stagesAreGivenAsText() throws {
    var plan = PipelinePlan()
    try plan.append(stage: "sample.liar", place: "--stage")
    try plan.append(stage: "sample.prefix( text = a b , times=2, nested={\"depth\":4} )", place: "")
    try plan.append(stage: "sample.prefix(text=\"a, (b\")", place: "")
    try plan.append(stage: "sample.prefix()", place: "")
    #expect(plan.steps.map(\.stage)[1...] == ["sample.prefix", "sample.prefix", "sample.prefix"])
    #expect(plan.steps[1].options == object(["text": "a b", "times": 2, "nested": ["depth": 4]]))
    #expect(plan.steps[2].options == object(["text": "a, (b"]))
    #expect(plan.steps[3].options.isEmpty)
    for text in ["", "(a=1)", " (a=1)", "a(", "a(b)", "a(b=1,b=2)", "a(=1)", "exec:./a 'b"] {
      #expect(throws: PipelineError.self) { try plan.append(stage: text, place: "--stage") }
    }
  }

  @Test func whatAFileNamesIsAskedForAndWhatTheUserNamesIsNot() throws {
    let all = try Registry(registry.entries + ExternalStages.all)
    let file = try plan(
      "- stage: sample.prefix\n- {stage: process.run, program: /bin/cat}\n- stage: sample.prefx\n")
    // Before any stage is made, so before the third is found to be unknown.
    #expect(error { _ = try file.chain(in: all) }.hasPrefix("p.yaml:2: plugin \"process.run@1\""))
    #expect(error { _ = try file.resolved(in: all) }.hasPrefix("p.yaml:2: "))
    let programs = ExternalPolicy(allowsPrograms: true)
    #expect(error { _ = try file.chain(in: all, allowing: programs) }.hasPrefix("p.yaml:3: "))
    for isNamedByUser in [true, false] {
      var typed = PipelinePlan()
      try typed.append(
        stage: "exec:/bin/sed 's/a b/c/'", place: "--stage", isNamedByUser: isNamedByUser)
      #expect(
        typed.steps[0].options == object(["program": "/bin/sed", "arguments": ["s/a b/c/"]]))
      #expect(error { _ = try typed.chain(in: all) }.contains("no error") == isNamedByUser)
    }
  }

  @Test func optionsAreSetByNumberOrName() throws {
    var plan = try plan("- stage: sample.liar\n- stage: sample.prefix@1\n  times: 1\n")
    try plan.set("2.times=5")
    try plan.set("sample.prefix.text=a=b")
    try plan.set("sample.prefix@1.nested.depth=9")
    #expect(
      plan.steps[1].options == object(["times": 5, "text": "a=b", "nested": ["depth": 9]]))
    try plan.set("2.tmes=5")
    let message = error { _ = try plan.chain(in: registry) }
    #expect(message.hasPrefix("--set 2.tmes=5: ") && message.contains("\"times\""))
    for wrong in ["x", "3.a=1", "0.a=1", "nobody.a=1", "2.=1", "2.a..b=1", "=1"] {
      #expect(throws: PipelineError.self, "\(wrong)") { try plan.set(wrong) }
    }
    plan.steps.append(plan.steps[1])
    #expect(error { try plan.set("sample.prefix.times=1") }.contains("2, 3"))
  }

  @Test func theNewestVersionIsMeant() throws {
    #expect(try registry.resolve("sample.prefix").descriptor.id == "sample.prefix@1")
    let two = try Registry(registry.entries + [StageEntry(PrefixTen.self)])
    #expect(try two.resolve("sample.prefix").descriptor.id == "sample.prefix@10")
    #expect(try two.resolve("sample.prefix@1").descriptor.id == "sample.prefix@1")
    #expect(throws: PipelineError.self) { try two.resolve("sample") }
  }
}

/// The tenth version of `Prefix`: sorted as text, it would come before the second.
private struct PrefixTen: Stage {
  static let descriptor = StageDescriptor(
    id: "sample.prefix@10", summary: "Does nothing", input: .text, output: .text)
  let options = NoOptions()
  init(options: NoOptions, resources: ResourceReader) {}
  func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> { Runner() }
  private struct Runner: StageRunner {
    func consume(_ chunk: TextChunk) -> TextChunk { chunk }
  }
}

/// Takes what no sample stage gives.
private struct IDsToText: Stage {
  static let descriptor = StageDescriptor(
    id: "sample.ids@1", summary: "Does nothing", input: .ids, output: .text)
  let options = NoOptions()
  init(options: NoOptions, resources: ResourceReader) {}
  func makeRunner(_ context: RunContext) -> any StageRunner<IDChunk, TextChunk> { Runner() }
  private struct Runner: StageRunner {
    func consume(_ chunk: IDChunk) -> TextChunk { TextChunk() }
  }
}
