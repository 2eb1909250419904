import Pipeline

/// Batches as JSON, and as arrays for NumPy.
enum BatchFormatter {
  /// One object without a line end.
  static func line(_ batch: IDBatch) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(batch.ids.count * 8 + batch.count * 24)
    output += Array("{\"records\":[".utf8)
    output += Array(batch.records.map(String.init).joined(separator: ",").utf8)
    output += Array("],\"lengths\":".utf8)
    append(batch.lengths[...], to: &output)
    output += Array(",\"ids\":".utf8)
    appendRows(batch.ids, batch.steps, batch.count, to: &output)
    output += Array(",\"mask\":".utf8)
    appendRows(batch.mask.map(Int32.init), batch.steps, batch.count, to: &output)
    output.append(UInt8(ascii: "}"))
    return output
  }

  /// N rows of T numbers.
  private static func appendRows(
    _ numbers: [Int32], _ steps: Int, _ count: Int, to output: inout [UInt8]
  ) {
    output.append(UInt8(ascii: "["))
    for row in 0..<count {
      if row > 0 { output.append(UInt8(ascii: ",")) }
      append(numbers[row * steps..<(row + 1) * steps], to: &output)
    }
    output.append(UInt8(ascii: "]"))
  }

  private static func append(_ numbers: ArraySlice<Int32>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    for place in numbers.indices {
      if place > numbers.startIndex { output.append(UInt8(ascii: ",")) }
      IDFormatter.append(numbers[place], to: &output)
    }
    output.append(UInt8(ascii: "]"))
  }

  /// Writes a `.npz` file, which appears when it is complete.
  static func writeArrays(_ batch: IDBatch, to path: String) throws {
    let file = try StreamedFile(path)
    let writer = NPZWriter(descriptor: file.descriptor, file: path)
    try writer.add("records", .int64, shape: [batch.count], batch.records.map(Int64.init))
    try writer.add("lengths", .int32, shape: [batch.count], batch.lengths)
    try writer.add("ids", .int32, shape: [batch.count, batch.steps], batch.ids)
    try writer.add("mask", .bool, shape: [batch.count, batch.steps], batch.mask)
    try writer.finish()
    try file.commit()
  }

  /// Writes a safetensors file, all or nothing.
  /// - Throws: `CLIError.badData` past 2^31 records, which its numbers do not reach.
  static func writeTensors(_ batch: IDBatch, to path: String) throws {
    let records = try batch.records.map { record in
      guard let record = Int32(exactly: record) else {
        throw CLIError.badData("record \(record) is past the numbers of safetensors (use --npz)")
      }
      return record
    }
    func tensor(_ numbers: [Int32], _ shape: [Int]) -> Resource {
      Resource(type: .i32, shape: shape, bytes: numbers.withUnsafeBytes { Array($0) })
    }
    let (n, t) = (batch.count, batch.steps)
    let file = SafetensorsFile(tensors: [
      "records": tensor(records, [n]), "lengths": tensor(batch.lengths, [n]),
      "ids": tensor(batch.ids, [n, t]),
      "mask": Resource(type: .u8, shape: [n, t], bytes: batch.mask),
    ])
    try AtomicFile.write(try file.bytes(), to: path, mode: 0o644)
  }
}
