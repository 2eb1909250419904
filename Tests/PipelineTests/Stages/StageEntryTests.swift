import Pipeline
import Testing

@Suite struct StageEntryTests {
  private let entry = StageEntry(Prefix.self)

  private func options(_ given: JSONValue) throws -> Prefix.Options {
    try #require(try entry.make(options: given).base as? Prefix).options
  }

  private func message(_ given: JSONValue) throws -> String {
    let error = #expect(throws: PipelineError.self) { try entry.make(options: given) }
    return "\(try #require(error))"
  }

  @Test func whatIsNotGivenTakesItsDefault() throws {
    #expect(try options([:]) == Prefix.Options())
    #expect(try options(["times": 4]) == Prefix.Options(times: 4))
    let nested = try options(["nested": ["depth": 9]])
    #expect(nested.nested == Prefix.Nested(depth: 9, ratio: 0.5))
    #expect(try options(["form": "doubled"]).form == .doubled)
    #expect(try options(["scale": 2]).scale == 2)
  }

  @Test func everyOptionIsWrittenOut() throws {
    let stage = try entry.make(options: ["text": "x"])
    let keys = try stage.options().objectValue?.keys
    #expect(keys == ["form", "isOn", "nested", "scale", "text", "times"])
    let again = try entry.make(options: stage.options(), requiringAll: true)
    #expect(try again.options() == stage.options())
  }

  @Test(
    arguments: [
      (["tims": 1], "unknown option \"tims\" (did you mean \"times\"? known: form, isOn"),
      (["nested": ["dept": 1]], "unknown option \"nested.dept\" (did you mean"),
      (["times": "1"], "option \"times\" must be a whole number"),
      (["times": 1.5], "option \"times\" "),
      (["isOn": 1], "option \"isOn\" must be true or false"),
      (["text": 3], "option \"text\" must be a text"),
      (["scale": "x"], "option \"scale\" must be a number"),
      (["nested": 1], "option \"nested\" must be an object"),
      (["form": "plan"], "option \"form\" cannot be \"plan\" (did you mean \"plain\"?"),
      (["times": .null], "option \"times\" must be a whole number"),
      ([1], "must be an object"),
    ] as [(JSONValue, String)])
  func wrongOptionsAreNamed(given: JSONValue, expected: String) throws {
    let text = try message(given)
    #expect(text.contains(expected), "\(text)")
    #expect(text.hasPrefix("sample.prefix@1: "))
  }

  @Test func savedPipelinesMustSayEveryOption() throws {
    #expect(throws: PipelineError.missingOption(stage: "sample.prefix@1", name: "form")) {
      try entry.make(options: ["text": "x"], requiringAll: true)
    }
    var options = try #require(try entry.defaultOptions().objectValue)
    options["nested"] = ["depth": 1]
    #expect(throws: PipelineError.missingOption(stage: "sample.prefix@1", name: "nested.ratio")) {
      try entry.make(options: .object(options), requiringAll: true)
    }
  }

  @Test func resourcesReachTheStage() throws {
    let drop = StageEntry(Dropper.self)
    let resources = ResourceReader([
      "dropped": Resource(type: .u8, shape: [2], bytes: [1, 2])
    ])
    let stage = try drop.make(resources: resources)
    #expect((stage.base as? Dropper)?.dropped == [1, 2])
    #expect(throws: PipelineError.missingResource("dropped")) { try drop.make() }
  }
}
