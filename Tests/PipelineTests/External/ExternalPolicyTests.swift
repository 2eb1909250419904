import Pipeline
import TestSupport
import Testing

@Suite struct ExternalPolicyTests {
  @Test func nothingFromOutsideRunsUnlessAllowed() throws {
    let program = ProcessRun.descriptor
    let library = LibraryLoad.descriptor
    try ExternalPolicy.denyAll.check(Prefix.descriptor)
    let error = #expect(throws: PipelineError.self) { try ExternalPolicy.denyAll.check(program) }
    #expect(try #require(error).category == .usage)
    #expect("\(try #require(error))".contains("--allow-exec"))
    try ExternalPolicy(allowsPrograms: true).check(program)
    let other = #expect(throws: PipelineError.self) {
      try ExternalPolicy(allowsPrograms: true).check(library)
    }
    #expect("\(try #require(other))".contains("--allow-library"))
    try ExternalPolicy.allowAll.check(library)
    #expect(program.isOneToOne && program.isExternal && !Prefix.descriptor.isExternal)
  }

  @Test func theCommandLineNamesProgramsAndLibraries() throws {
    let stage = try #require(try ExternalStages.stage(for: "exec:/bin/sed 's/a/b c/'"))
    let run = try #require(stage.base as? ProcessRun)
    #expect(run.options.program == "/bin/sed" && run.options.arguments == ["s/a/b c/"])
    let other = try ExternalStages.stage(for: "normalize.unicode(form=nfc)")
    #expect(other == nil)
    for bad in ["exec:", "exec:awk -f x", "exec:./x 'y", "library:x.so", "library:./none.so"] {
      #expect(throws: PipelineError.self, "\(bad)") { try ExternalStages.stage(for: bad) }
    }
  }

  @Test func aModelFileNeverHoldsOne() throws {
    var options = ProcessRun.Options()
    options.program = "/bin/cat"
    let chain = try Chain([AnyStage(try ProcessRun(options: options))])
    let error = #expect(throws: PipelineError.self) {
      try ModelFile.bytes(of: chain, information: ModelInformation())
    }
    #expect("\(try #require(error))".contains("process.run@1"))
  }

  @Test func aForgedModelFileWithOneIsRefusedBeforeItRuns() throws {
    let folder = try TemporaryFolder()
    let mark = folder.file("mark")
    var options = ProcessRun.Options()
    (options.program, options.arguments) = ("/usr/bin/touch", [mark])
    var file = SafetensorsFile()
    let pipeline: JSONValue = [
      ["stage": "process.run@1", "options": try JSONValue(encoding: options)]
    ]
    file.metadata = [
      "format": ModelFile.format, "format_version": "1", "pipeline": pipeline.text(),
      "provenance": "{}", "icu_version": "", "unicode_version": "",
    ]
    let bytes = try ForgedModel.sealed(file)
    let error = #expect(throws: PipelineError.self) {
      try ModelFile.read(bytes: bytes, registry: Registry(ExternalStages.all))
    }
    #expect("\(try #require(error))".contains("a model holds no code"))
    #expect(throws: (any Error).self) { try folder.read("mark") }
  }
}
