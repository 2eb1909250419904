import Pipeline
import TestSupport
import Testing

@Suite struct NPZWriterTests {
  private func archive(_ body: (NPZWriter) throws -> Void) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let file = try StreamedFile(folder.file("a.npz"))
    let writer = NPZWriter(descriptor: file.descriptor, file: "a.npz")
    try body(writer)
    try writer.finish()
    try file.commit()
    return try folder.read("a.npz")
  }

  /// The members of the archive by the standard library of Python, which checks every CRC, so this
  /// needs no NumPy. Without Python there is nothing to compare with.
  private func members(_ bytes: [UInt8]) throws -> [String: [UInt8]]? {
    let folder = try TemporaryFolder()
    try folder.write("a.npz", bytes)
    let runner = BinaryRunner(folder: folder.path)
    guard try runner.shell("command -v python3").code == 0 else { return nil }
    let result = try runner.shell(
      """
      python3 -c 'import zipfile; z = zipfile.ZipFile("a.npz"); assert z.testzip() is None
      z.extractall("out"); print("\\n".join(z.namelist()))'
      """)
    #expect(result.code == 0, "\(result.errors)")
    return Dictionary(
      uniqueKeysWithValues: try result.lines.map {
        let name = String(decoding: $0, as: UTF8.self)
        return (name, try folder.read("out/" + name))
      })
  }

  @Test func aGrowingArrayIsAsOneWrittenAtOnce() throws {
    let numbers = (0..<30_000).map { Int32($0 * 7 - 1000) }
    let whole = try archive { try $0.add("x", .int32, shape: [10_000, 3], numbers) }
    let grown = try archive { writer in
      try writer.begin("x", .int32, trailing: [3])
      for start in stride(from: 0, to: numbers.count, by: 777) {
        try writer.append(Array(numbers[start..<min(start + 777, numbers.count)]))
      }
    }
    #expect(whole == grown)
    let data = numbers.withUnsafeBytes { Array($0) }
    let expected = try NPYFile.bytes(.int32, shape: [10_000, 3], data: data)
    if let members = try members(grown) { #expect(members == ["x.npy": expected]) }
  }

  @Test func severalArraysAndEmptyOnes() throws {
    let bytes = try archive { writer in
      try writer.add("a", .int64, shape: [2], [Int64(1), -1])
      try writer.begin("b", .uint8)
      try writer.add("c", .float32, shape: [3, 0], [Float]())
      try writer.add("d", .bool, shape: [1, 2], [UInt8(1), 0])
    }
    let again = try archive { writer in
      try writer.add("a", .int64, shape: [2], [Int64(1), -1])
      try writer.begin("b", .uint8)
      try writer.add("c", .float32, shape: [3, 0], [Float]())
      try writer.add("d", .bool, shape: [1, 2], [UInt8(1), 0])
    }
    #expect(bytes == again)
    guard let members = try members(bytes) else { return }
    #expect(members.keys.sorted() == ["a.npy", "b.npy", "c.npy", "d.npy"])
    #expect(try members["c.npy"] == NPYFile.header(.float32, shape: [3, 0]))
    #expect(try members["b.npy"] == NPYFile.header(.uint8, shape: [0]))
  }

  @Test func misuseIsAnError() throws {
    for body: (NPZWriter) throws -> Void in [
      { try $0.append([UInt8(1)]) },
      { try $0.begin("", .bool) },
      {
        try $0.begin("a", .bool)
        try $0.begin("a", .bool)
      },
      {
        try $0.begin("a", .int32)
        try $0.append([UInt8(1)])
      },
      { try $0.add("a", .int32, shape: [2], [Int32(1)]) },
      { try $0.begin("a", .int32, trailing: [1 << 40, 1 << 40]) },
      { try $0.add("a", .int32, shape: [.max], [Int32(1)]) },
    ] {
      #expect(throws: PipelineError.self) { _ = try archive(body) }
    }
  }
}
