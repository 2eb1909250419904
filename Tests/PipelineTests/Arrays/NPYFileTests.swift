import Pipeline
import Testing

@Suite struct NPYFileTests {
  /// `numpy.save` of `numpy.arange(6, dtype="<f4").reshape(2, 3)`, by NumPy 2.4.6.
  @Test func theBytesAreNumPys() throws {
    let numbers: [Float] = [0, 1, 2, 3, 4, 5]
    let data = numbers.withUnsafeBytes { Array($0) }
    let bytes = try NPYFile.bytes(.float32, shape: [2, 3], data: data)
    #expect(bytes.count == 152)
    #expect(Array(bytes.prefix(10)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0x76, 0])
    #expect(
      Digest.sha256(bytes) == "47d9cb788e60cfff38faf2237400d94063bde1f42a0ad39297e02642caca6b56")
  }

  @Test(arguments: [
    ([], "()"), ([5], "(5,)"), ([0, 3], "(0, 3)"), ([1, 2, 3], "(1, 2, 3)"),
  ])
  func shapesAreTuples(shape: [Int], tuple: String) throws {
    let header = try NPYFile.header(.int64, shape: shape)
    #expect(header.count % 64 == 0 && header.last == 0x0A)
    #expect(
      String(decoding: header.dropFirst(10), as: UTF8.self).hasPrefix(
        "{'descr': '<i8', 'fortran_order': False, 'shape': \(tuple), } "))
  }

  @Test func theFirstDimensionNeverChangesTheLength() throws {
    let empty = try NPYFile.header(.float32, shape: [0, 3]).count
    for count in [1, 1_000_000, 9_223_372_036_854_775_807 / 12] {
      #expect(try NPYFile.header(.float32, shape: [count, 3]).count == empty)
    }
    #expect(empty == 128)
  }

  @Test func impossibleArraysAreRefused() {
    for shape in [[-1], [1 << 40, 1 << 40], [Int](repeating: 1, count: 33)] {
      #expect(throws: PipelineError.self) { try NPYFile.header(.int32, shape: shape) }
    }
    #expect(throws: PipelineError.self) {
      try NPYFile.bytes(.int32, shape: [2], data: [0, 0, 0, 0])
    }
  }
}
