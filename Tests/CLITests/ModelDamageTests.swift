import Pipeline
import Seq
import TestSupport
import Testing
import Tokenize

/// A damaged model file is an error that names the place: never a crash, never an answer.
@Suite struct ModelDamageTests {
  private let registry: Registry
  private let model: [UInt8]

  init() throws {
    registry = try Registry(TokenizeStages.all + SeqStages.all)
    model = try ModelFixture.bytes()
  }

  private func expectRefusal(_ bytes: [UInt8], _ what: String) {
    do {
      _ = try ModelFile.read(bytes: bytes, name: "m", registry: registry)
      Issue.record("\(what) was accepted")
    } catch let error as any CategorizedError {
      #expect(error.category == .badData, "\(what): \(error)")
      #expect(error.description.hasPrefix("m:") && !error.description.contains("\n"), "\(what)")
    } catch {
      Issue.record("\(what): \(error)")
    }
  }

  @Test func theModelItselfIsSound() throws {
    let loaded = try ModelFile.read(bytes: model, registry: registry)
    #expect(loaded.chain.output == .predictions)
  }

  @Test func truncatedAtAHundredPlaces() {
    for i in 0..<100 { expectRefusal(Array(model.prefix(model.count * i / 100)), "prefix \(i) %") }
    expectRefusal(Array(model.dropLast()), "all but one byte")
    expectRefusal(model + [0], "a byte too many")
  }

  @Test func aThousandFlippedBytes() {
    var random = SplitMix64(state: 2026)
    for _ in 0..<1000 {
      let place = Int(random.next() % UInt64(model.count))
      let flip = UInt8(1 + random.next() % 255)
      var damaged = model
      damaged[place] ^= flip
      expectRefusal(damaged, "byte \(place) ^ \(flip)")
    }
  }

  @Test func theCommandSaysItInOneLine() throws {
    var random = SplitMix64(state: 7)
    for i in 0..<20 {
      var damaged = model
      if i.isMultiple(of: 2) {
        damaged.removeLast(Int(random.next() % UInt64(model.count)))
      } else {
        damaged[Int(random.next() % UInt64(model.count))] ^= 0x40
      }
      let folder = try TemporaryFolder()
      try folder.write("m", damaged)
      for arguments in [["classify", "-m", "m"], ["inspect", "m"]] {
        let result = try BinaryRunner(folder: folder.path).run(
          arguments, input: Array("Sato\n".utf8))
        #expect(result.code == 65)
        #expect(result.stdout.isEmpty)
        #expect(result.errors.hasPrefix("seqtool: m:"))
        #expect(result.stderr.count { $0 == 0x0A } == 1)
      }
    }
  }
}

/// A small generator with a given start, so that a failure can be repeated.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
