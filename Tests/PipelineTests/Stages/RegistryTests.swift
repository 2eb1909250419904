import Pipeline
import Testing

@Suite struct RegistryTests {
  @Test func entriesAreFoundByIDAndSorted() throws {
    let registry = try SampleModel.registry()
    #expect(registry.ids == registry.ids.sorted())
    #expect(registry.ids.count == 5)
    #expect(try registry.entry("sample.prefix@1").descriptor == Prefix.descriptor)
  }

  @Test func unknownStagesListTheKnownOnes() throws {
    let registry = try SampleModel.registry()
    let error = #expect(throws: PipelineError.self) { try registry.make("sample.prefx@1") }
    let message = "\(try #require(error))"
    #expect(message.contains("did you mean \"sample.prefix@1\"?"))
    #expect(message.contains("known: sample.drop@1, sample.join@1, sample.liar@1"))
    #expect(error?.category == .usage)
  }

  @Test func duplicatesAreRefused() {
    #expect(throws: PipelineError.duplicateStage("sample.prefix@1")) {
      try Registry([StageEntry(Prefix.self), StageEntry(Liar.self), StageEntry(Prefix.self)])
    }
  }
}
