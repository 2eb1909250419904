import Pipeline
import Seq
import TestSupport
import Testing

@Suite struct CheckpointFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func snapshot(_ step: Int) -> TrainingSnapshot {
    TrainingSnapshot(
      numbers: JSONObject([("step", .int(step)), ("loss", .double(0.1 + 0.2))]),
      arrays: ["w": [1, -0.5, Float(step)], "none": []])
  }

  @Test func theNewestComesBack() throws {
    let checkpoints = try CheckpointFolder(folder.file("c"))
    #expect(try checkpoints.newest("a") == nil)
    for step in [1, 2, 10, 1_234_567_890] {
      try checkpoints.save(snapshot(step), of: "a", isBest: step == 1)
      try checkpoints.save(snapshot(7), of: "a-b", isBest: false)
    }
    #expect(try checkpoints.newest("a") == snapshot(1_234_567_890))
    #expect(try checkpoints.newest("a-b") == snapshot(7))
    // Two and the best are kept.
    let files = try BinaryRunner(folder: folder.file("c")).shell("ls | grep -c '^a-[0-9]'")
    #expect(files.lines == [Array("3".utf8)])
  }

  /// A run that goes on keeps the best file of the one before it.
  @Test func theBestIsKeptAfterAResume() throws {
    let epochs = { (step: Int, best: Int) -> TrainingSnapshot in
      var snapshot = self.snapshot(step)
      snapshot.numbers["epoch"] = .int(step + 1)
      snapshot.numbers["epoch_step"] = 0
      snapshot.numbers["kept"] = [
        "epoch": .int(best), "trainLoss": 1.5, "devLoss": 1.5, "learningRate": 0.5,
        "gradientNorm": 1.5, "isBest": true,
      ]
      return snapshot
    }
    for best in [1, 2] {
      let path = folder.file("c\(best)")
      for (first, last) in [(1, 2), (3, 4), (5, 6)] {
        let checkpoints = try CheckpointFolder(path)
        _ = try checkpoints.newest("a")
        for step in first...last {
          try checkpoints.save(
            epochs(step, min(step, best)), of: "a", isBest: step <= best)
        }
      }
      let files = try BinaryRunner(folder: path).shell("ls")
      #expect(
        files.lines.map { String(decoding: $0, as: UTF8.self) }
          == [best, 5, 6].map { "a-00000000\($0).ckpt" })
    }
  }

  @Test func aDamagedOneIsPassedOver() throws {
    let checkpoints = try CheckpointFolder(folder.file("c"))
    try checkpoints.save(snapshot(1), of: "a", isBest: false)
    try checkpoints.save(snapshot(2), of: "a", isBest: false)
    let path = "c/a-000000002.ckpt"
    let whole = try folder.read(path)
    for cut in [0, 1, 8, 100, whole.count - 1] {
      try folder.write(path, Array(whole[..<cut]))
      #expect(try checkpoints.newest("a") == snapshot(1))
    }
    for byte in whole.indices {
      var damaged = whole
      damaged[byte] ^= 0x10
      #expect(throws: (any Error).self, "byte \(byte)") {
        try TrainingSnapshot(fileBytes: damaged, name: "x")
      }
    }
    try folder.write("c/a-000000001.ckpt", [1])
    try folder.write(path, [1])
    #expect(throws: PipelineError.self) { try checkpoints.newest("a") }
  }

  @Test func oneRunAtATime() throws {
    let first = try CheckpointFolder(folder.file("c"))
    #expect(throws: SeqError.folderInUse(folder.file("c"))) {
      _ = try CheckpointFolder(folder.file("c"))
    }
    withExtendedLifetime(first) {}
  }

  @Test func remainsOfASaveAreRemoved() throws {
    try folder.write("c/.a-000000001.ckpt.xyz.tmp", "x")
    try folder.write("c/other", "x")
    let checkpoints = try CheckpointFolder(folder.file("c"))
    #expect(throws: (any Error).self) { try folder.read("c/.a-000000001.ckpt.xyz.tmp") }
    try checkpoints.save(snapshot(1), of: "a", isBest: false)
    try checkpoints.clear()
    #expect(try checkpoints.newest("a") == nil)
    #expect(try folder.read("c/other") == Array("x".utf8))
  }

  /// Files whose digests are right, but which are no checkpoints.
  @Test func foreignFilesAreNamed() throws {
    func expectFault(_ place: String, _ change: (inout SafetensorsFile) -> Void) throws {
      var file = try SafetensorsFile.readSealed(snapshot(1).fileBytes(), name: "x")
      change(&file)
      let bytes = try file.sealedBytes()
      let error = #expect(throws: PipelineError.self) {
        try TrainingSnapshot(fileBytes: bytes, name: "x")
      }
      #expect(error?.description.hasPrefix("x:\(place): ") == true, "\(error as Any)")
    }
    try expectFault("format") { $0.metadata["format"] = "seqtool.model" }
    try expectFault("format_version") { $0.metadata["format_version"] = "2" }
    try expectFault("numbers") { $0.metadata["numbers"] = "[]" }
    try expectFault("w") { $0.tensors["w"]?.type = .i32 }
    try expectFault("w") { $0.tensors["w"]?.shape = [1, 3] }
    try expectFault("w") {
      $0.tensors["w"]?.bytes.replaceSubrange(4..<8, with: [0, 0, 0xC0, 0x7F])
    }
  }

  @Test func numbersAndIdentityAreChecked() throws {
    #expect(throws: SeqError.self) {
      try CheckpointFolder(folder.file("c")).save(TrainingSnapshot(), of: "a", isBest: false)
    }
    var bytes = try snapshot(1).fileBytes()
    bytes.append(0)
    #expect(throws: PipelineError.self) { try TrainingSnapshot(fileBytes: bytes, name: "x") }
  }
}
