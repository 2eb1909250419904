import Pipeline
import TestSupport
import Testing
import Tokenize

@Suite struct TokenizeStagesTests {
  @Test func allHaveDistinctIdsAndDefaults() throws {
    let registry = try Registry(TokenizeStages.all)
    #expect(registry.ids.count == TokenizeStages.all.count)
    for entry in registry.entries {
      let options = try entry.defaultOptions()
      let documented = entry.descriptor.options.map(\.name)
      guard case .object(let object) = options else {
        Issue.record("\(entry.descriptor.id) has no object of options")
        continue
      }
      #expect(Set(object.keys) == Set(documented), "\(entry.descriptor.id)")
      #expect(entry.descriptor.isOneToOne)
    }
  }

  @Test func optionsComeFromJSON() throws {
    let registry = try Registry(TokenizeStages.all)
    let names = [
      ("normalize.unicode@1", "form", "nfkc-casefold"), ("normalize.case@1", "mode", "fold"),
      ("segment.unicode@1", "by", "sentence"),
    ]
    for (id, option, value) in names {
      _ = try registry.make(id, options: .object(JSONObject([(option, .string(value))])))
      #expect(throws: PipelineError.self) {
        try registry.make(id, options: .object(JSONObject([(option, .string("no-such"))])))
      }
      #expect(throws: PipelineError.self) {
        try registry.make(id, options: .object(JSONObject([("no-such", .string(value))])))
      }
    }
  }
}
