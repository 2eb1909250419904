import Pipeline
import TestSupport
import Testing

@Suite struct NPZReaderTests {
  private static func archive() throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let file = try StreamedFile(folder.file("a.npz"))
    let writer = NPZWriter(descriptor: file.descriptor, file: "a.npz")
    try writer.add("x", .float32, shape: [2, 3], [1, -0.5, 3, 4, 5, .pi] as [Float])
    try writer.add("ids", .int64, shape: [3], [7, -1, .max] as [Int64])
    try writer.add("flags", .bool, shape: [2], [1, 0] as [UInt8])
    try writer.add("none", .float64, shape: [0, 4], [] as [Double])
    try writer.finish()
    try file.commit()
    return try folder.read("a.npz")
  }

  @Test func whatWasWrittenComesBack() throws {
    let arrays = try NPZReader(Self.archive()).arrays
    #expect(arrays.keys.sorted() == ["flags", "ids", "none", "x"])
    #expect(arrays["x"]?.shape == [2, 3])
    #expect(arrays["x"]?.doubles == [1, -0.5, 3, 4, 5, Double(Float.pi)])
    #expect(arrays["x"]?.integers == nil)
    #expect(arrays["ids"]?.integers == [7, -1, .max])
    #expect(arrays["ids"]?.doubles == nil)
    #expect(arrays["flags"]?.integers == [1, 0])
    #expect(arrays["none"]?.shape == [0, 4] && arrays["none"]?.doubles == [])
  }

  /// `zipfile` writes the short form that `numpy.savez` uses for small arrays.
  @Test func anArchiveOfPythonIsRead() throws {
    let folder = try TemporaryFolder()
    let runner = BinaryRunner(folder: folder.path)
    guard try runner.shell("command -v python3").code == 0 else { return }
    try folder.write("x.npy", try NPYFile.bytes(.uint8, shape: [2], data: [3, 4]))
    let script = """
      python3 -c 'import zipfile
      z = zipfile.ZipFile("a.npz", "w", METHOD)
      f = z.open("x.npy", "w", force_zip64=True); f.write(open("x.npy", "rb").read()); f.close()
      z.close()'
      """
    for method in ["ZIP_STORED", "ZIP_DEFLATED"] {
      let result = try runner.shell(script.replacing("METHOD", with: "zipfile." + method))
      #expect(result.code == 0, "\(result.errors)")
      let bytes = try folder.read("a.npz")
      if method == "ZIP_STORED" {
        #expect(try NPZReader(bytes).arrays["x"]?.integers == [3, 4])
      } else {
        let error = #expect(throws: PipelineError.self) { try NPZReader(bytes) }
        #expect(error?.description.contains("savez_compressed") == true)
      }
    }
  }

  @Test func damageIsAnErrorAndNeverATrap() throws {
    let good = try Self.archive()
    for length in 0..<good.count {
      #expect(throws: PipelineError.self) { try NPZReader(Array(good.prefix(length))) }
    }
    var random = SeededGenerator(5)
    let arrays = try NPZReader(good).arrays
    var refused = 0
    for _ in 0..<3000 {
      var bad = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bad.count, using: &random)
        bad[place] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        // A flipped time or mode changes nothing; a name may differ.
        let found = try NPZReader(bad).arrays
        #expect(Set(found.values) == Set(arrays.values))
      } catch is PipelineError {
        refused += 1
      }
    }
    #expect(refused > 2000)
  }

  @Test(arguments: [
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '<f4', 'fortran_order': False, }",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + 1",
    "__import__('os')",
  ])
  func otherHeadersAreRefused(header: String) throws {
    func file(_ header: String) -> ArraySlice<UInt8> {
      let text = Array(header.utf8) + [0x0A]
      let head: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
      return (head + [UInt8(text.count), 0] + text + [0, 0, 0, 0])[...]
    }
    #expect(throws: PipelineError.self) { try NPYFile.read(file(header)) }
    let plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
    #expect(try NPYFile.read(file(plain)).doubles == [0])
  }
}
