import Pipeline
import TestSupport
import Testing

@Suite struct BatchCommandTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
  }

  @Test func batchesArePaddedAndMasked() throws {
    let result = try seqtool.run(
      "batch", "--size", "2", "--pad-id", "9", text: "1 2 3\n\n[4,5]\n{\"ids\":[6]}\n7\n")
    #expect(
      result.output == """
        {"records":[0,1],"lengths":[3,0],"ids":[[1,2,3],[9,9,9]],"mask":[[1,1,1],[0,0,0]]}
        {"records":[2,3],"lengths":[2,1],"ids":[[4,5],[6,9]],"mask":[[1,1],[1,0]]}
        {"records":[4],"lengths":[1],"ids":[[7]],"mask":[[1]]}

        """)
    let left = try seqtool.run(
      "batch", "--pad", "left", "--truncate", "left", "--max-length", "2", "--multiple-of", "4",
      text: "1 2 3\n4\n")
    #expect(
      left.output == """
        {"records":[0,1],"lengths":[2,1],"ids":[[0,0,2,3],[0,0,0,4]],"mask":[[0,0,1,1],[0,0,0,1]]}

        """)
    let empty = try seqtool.run("batch")
    #expect(empty.code == 0 && empty.stdout.isEmpty)
  }

  @Test func everyRecordIsInOneBatchOnAnyNumberOfThreads() throws {
    let lines = (0..<30_000).map { i in
      (0..<(i * 7919 % 23)).map { "\($0 + i)" }.joined(separator: " ")
    }
    let input = Array(lines.joined(separator: "\n").utf8)
    let flags = ["batch", "--size", "17", "--bucket", "500"]
    let one = try seqtool.run(flags + ["--threads", "1"], input: input)
    let many = try seqtool.run(flags + ["--threads", "4"], input: input)
    #expect(one.code == 0 && one == many)
    var places: [Int] = []
    for line in one.lines {
      let batch = try JSONParser.parse(line)
      places += (batch["records"]?.arrayValue ?? []).compactMap(\.intValue)
    }
    #expect(places.sorted() == Array(0..<30_000))
  }

  @Test func eachBatchIsASafetensorsFile() throws {
    let result = try seqtool.run(
      "batch", "--size", "2", "--safetensors", "b-{batch}", text: "1 2\n3\n4\n")
    #expect(result.code == 0 && result.stdout.isEmpty)
    let file = try SafetensorsFile.read(try folder.read("b-000000"))
    #expect(file.tensors.keys.sorted() == ["ids", "lengths", "mask", "records"])
    let ids: [Int32] = [1, 2, 3, 0]
    #expect(file.tensors["ids"]?.shape == [2, 2])
    #expect(file.tensors["ids"]?.bytes == ids.withUnsafeBytes { Array($0) })
    #expect(file.tensors["mask"]?.bytes == [1, 1, 1, 0])
    #expect(try seqtool.run("batch", "--safetensors", "b", text: "1\n").code == 64)
  }

  @Test func eachBatchIsAFileForNumPy() throws {
    let result = try seqtool.run(
      "batch", "--size", "2", "--npz", "b-{batch}.npz", text: "1 2\n3\n4\n")
    #expect(result.code == 0 && result.stdout.isEmpty)
    #expect(try seqtool.shell("ls").output == "b-000000.npz\nb-000001.npz\n")
    let ids: [Int32] = [1, 2, 3, 0]
    let member = try NPYFile.bytes(.int32, shape: [2, 2], data: ids.withUnsafeBytes { Array($0) })
    #expect(try folder.read("b-000000.npz").contains(member))
  }

  @Test(arguments: [
    (["batch", "--size", "0"], 64), (["batch", "--npz", "x.npz"], 64),
    (["batch", "--pad-id", "-1"], 64), (["batch", "--pad", "up"], 64), (["batch"], 65),
    (["batch", "--npz", "no/{batch}"], 73), (["batch", "none"], 66),
  ])
  func everyFaultIsOneLineWithItsCode(arguments: [String], code: Int) throws {
    let result = try seqtool.run(arguments, input: (code == 65 ? "1\nx\n" : "1\n").utf8)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.errors.hasPrefix("seqtool: ") && result.errors.count { $0.isNewline } == 1)
  }
}
