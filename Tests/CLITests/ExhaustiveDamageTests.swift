import Glibc
import Pipeline
import Seq
import TestSupport
import Testing
import Tokenize

/// Every length at which a file of more than 64 KiB can be cut short, and every bit of it that can flip: a
/// million readings, so only with `SEQTOOL_LONG_TESTS` (`make test-long`).
@Suite(.enabled(if: getenv("SEQTOOL_LONG_TESTS") != nil)) struct ExhaustiveDamageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(hidden: Int) throws {
    let trained = try BinaryRunner().run([
      "train", "classify", "data/names", "-o", folder.file("m"), "--epochs", "1", "--hidden",
      "\(hidden)", "--embedding", "32", "--layers", "1", "--ngrams", "none", "--teacher", "none",
      "--pooling", "last", "--optimizer", "sgd", "--checkpoint", folder.file("c"), "-q",
    ])
    #expect(trained.code == 0, "\(trained.errors)")
  }

  @Test func noDamagedModelIsRead() async throws {
    try train(hidden: 44)
    let registry = try Registry(TokenizeStages.all + SeqStages.all)
    try await expectRefusals(of: folder.read("m")) {
      _ = try ModelFile.read(bytes: $0, name: "file", registry: registry)
    }
  }

  @Test func noDamagedCheckpointIsRead() async throws {
    try train(hidden: 24)
    let name = try #require(
      try BinaryRunner(folder: folder.file("c")).shell("ls | tail -n 1").lines.first)
    try await expectRefusals(of: folder.read("c/" + String(decoding: name, as: UTF8.self))) {
      _ = try TrainingSnapshot(fileBytes: $0, name: "file")
    }
  }

  /// Reads all damaged copies on two threads; the first that is accepted, or refused without the
  /// file's name and a place, ends it.
  private func expectRefusals(
    of whole: [UInt8], by read: @escaping @Sendable ([UInt8]) throws -> Void
  ) async throws {
    try read(whole)
    #expect(whole.count >= 1 << 16)
    let refused = await withTaskGroup(of: Int.self) { group in
      for part in 0..<2 {
        group.addTask {
          var refused = 0
          for length in stride(from: part, to: whole.count, by: 2) {
            refused += Self.isRefused(Array(whole[..<length]), read) ? 1 : 0
          }
          var damaged = whole
          for byte in stride(from: part, to: whole.count, by: 2) {
            for bit in 0..<8 {
              damaged[byte] ^= 1 << bit
              refused += Self.isRefused(damaged, read) ? 1 : 0
              damaged[byte] ^= 1 << bit
            }
          }
          return refused
        }
      }
      return await group.reduce(0, +)
    }
    #expect(refused == 9 * whole.count)
    print("\(refused) of \(9 * whole.count) damaged copies were refused, each with its place")
  }

  private static func isRefused(
    _ bytes: [UInt8], _ read: ([UInt8]) throws -> Void
  ) -> Bool {
    do {
      try read(bytes)
      return false
    } catch PipelineError.malformedModel(let file, let place, _) {
      return file == "file" && !place.isEmpty
    } catch {
      return false
    }
  }
}
