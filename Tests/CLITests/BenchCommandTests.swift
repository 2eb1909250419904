import Pipeline
import TestSupport
import Testing

/// `seqtool bench`: that it measures what it says; never how fast.
@Suite struct BenchCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
  }

  private func report(_ arguments: String...) throws -> JSONValue {
    let result = try seqtool.run(["bench", "--seconds", "0.01", "--json"] + arguments)
    #expect(result.code == 0, "\(result.errors)")
    return try JSONParser.parse(result.stdout)
  }

  private static let small = ["--hidden", "12", "--steps", "5", "--batch-size", "9"]

  @Test(arguments: ["names-lstm", "names-gru", "characters-rnn", "characters-2x512-lstm"])
  func lossesFallAndDependOnTheSeedAlone(job: String) throws {
    let arguments = [job, "--seconds", "0.01", "--json"] + Self.small
    let losses = try [["-j", "1"], ["-j", "2"], ["-j", "2", "--seed", "2"]].map {
      let result = try seqtool.run(["bench"] + arguments + $0)
      let losses = try JSONParser.parse(result.stdout)["losses"]?.arrayValue ?? []
      return losses.compactMap(\.doubleValue)
    }
    #expect(losses[0].count == 10 && losses[0][9] < losses[0][0])
    #expect(losses[0] == losses[1])
    #expect(losses[0] != losses[2])
  }

  @Test func theArithmeticIsThatOfTheJob() throws {
    let whole = try report("names-lstm")
    #expect(whole["trained_per_second"]?.doubleValue ?? 0 > 0)
    #expect(whole["read_per_second"]?.doubleValue ?? 0 > 0)
    // Three times the forward products: 4 x 128 gates of 128 + 128 inputs, 18 classes each 10 steps;
    // with the table 64 rows of inputs in place of 640, and nine recurrent products for ten steps.
    #expect(whole["operations_per_symbol"]?.doubleValue == 787_814)
    #expect(whole["necessary_operations_per_symbol"]?.doubleValue == 394_598)
    let small = try report("words-2x200-lstm", "--hidden", "8", "--symbols", "50", "--steps", "3")
    #expect(small["symbols"] == 50 && small["hidden"] == 8 && small["steps"] == 3)
  }

  /// Another program begins with the weights and the symbols of the start file.
  @Test func theStartFileHoldsWhatTheJobBeginsWith() throws {
    for (job, head, targets) in [("names-gru", "head", 1), ("characters-gru", "decoder", 2)] {
      let result = try seqtool.run(
        ["bench", job, "--seconds", "0.01", "--start", "start.safetensors"] + Self.small)
      #expect(result.code == 0)
      let file = try SafetensorsFile.read(try folder.read("start.safetensors"))
      #expect(file.tensors["ids"]?.shape == [5, 9] && file.tensors["ids"]?.type == .i32)
      #expect(file.tensors["targets"]?.shape.count == targets)
      #expect(file.tensors["rnn.weight_hh_l0"]?.shape == [36, 12])
      #expect(file.tensors["\(head).bias"] != nil)
    }
  }

  @Test func wrongUsesAreRefused() throws {
    for arguments in [
      ["bench", "nosuch"], ["bench", "names-lstm", "--hidden", "0"],
      ["bench", "names-lstm", "--seconds", "0"], ["bench", "--start", "a.safetensors"],
    ] {
      let result = try seqtool.run(arguments)
      #expect(result.code == 64 || result.code == 65, "\(arguments): \(result.code)")
      #expect(result.stdout.isEmpty && !result.stderr.isEmpty)
    }
    let unknown = try seqtool.run("bench", "names-lstn")
    #expect(unknown.errors.contains("names-lstm"))
  }
}
