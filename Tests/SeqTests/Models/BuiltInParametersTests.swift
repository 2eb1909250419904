import Pipeline
import Seq
import Testing

/// A model that is a part of the program is used where it stands.
@Suite struct BuiltInParametersTests {
  /// A saved classifier in memory that stays to the end of the process, `shift` bytes behind a place
  /// where a number may stand.
  private func program(_ classifier: RecurrentClassifier, shift: Int) throws
    -> UnsafeMutableRawBufferPointer
  {
    let information = ModelInformation(provenance: [:], icuVersion: "", unicodeVersion: "")
    let bytes = try ModelFile.bytes(of: Chain(classifier), information: information)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytes.count + shift, alignment: 64)
    let program = UnsafeMutableRawBufferPointer(rebasing: memory[shift...])
    program.copyBytes(from: bytes)
    return program
  }

  private func load(_ program: UnsafeMutableRawBufferPointer) throws -> RecurrentClassifier {
    let loaded = try ModelFile.read(
      partOfProgram: UnsafeRawBufferPointer(program), name: "built-in",
      registry: try Registry(SeqStages.all))
    return try #require(loaded.chain.stages.last?.base as? RecurrentClassifier)
  }

  /// Odd places cannot be used as they are: then the numbers are copied.
  @Test(arguments: [0, 1, 4])
  func isWhatWasSavedAtAnyPlace(shift: Int) throws {
    let sample = SampleClassifier()
    let (saved, (records, features)) = (try sample.make(), sample.chunk(40))
    let read = try load(program(saved, shift: shift))
    for parameter in saved.network.layout.parameters {
      #expect(read.parameters[parameter] == saved.parameters[parameter], "\(parameter.name)")
    }
    let chunk = Samples.chunk(records, features: features)
    #expect(try read.predictions(chunk).bits == saved.predictions(chunk).bits)
  }

  @Test func changesGoToACopy() throws {
    let saved = try SampleClassifier().make()
    let program = try program(saved, shift: 0)
    let before = Array(program)
    let read = try load(program)
    let (scaled, reference) = (read.dividingLogits(by: 2), saved.dividingLogits(by: 2))
    var parameters = read.parameters
    let first = try #require(saved.network.layout.parameters.first)
    parameters[first] = [Float](repeating: 7, count: first.count)
    for parameter in saved.network.layout.parameters {
      #expect(scaled.parameters[parameter] == reference.parameters[parameter])
      #expect(read.parameters[parameter] == saved.parameters[parameter])
      if parameter != first {
        #expect(parameters[parameter] == saved.parameters[parameter])
      }
    }
    #expect(parameters[first].allSatisfy { $0 == 7 })
    #expect(Array(program) == before)
  }

  @Test func writesTheSameFile() throws {
    let saved = try SampleClassifier().make()
    let program = try program(saved, shift: 0)
    let information = ModelInformation(provenance: [:], icuVersion: "", unicodeVersion: "")
    let bytes = try ModelFile.bytes(of: Chain(load(program)), information: information)
    #expect(bytes == Array(program))
  }
}
