@testable import Pipeline

/// The framer and the scanner of UTF-8, against a framer that does the same in the plainest way.
struct RecordTarget: FuzzTarget {
  private let file = MemoryFile()

  func test(_ input: [UInt8]) throws {
    var source = ByteSource(input)
    var options = RecordOptions()
    options.delimiter = source.choice(of: RecordOptions.Delimiter.allCases)
    options.keepsCarriageReturn = source.flag()
    options.invalid = source.choice(of: RecordOptions.InvalidPolicy.allCases)
    // Small limits are met by small inputs, usual ones lead to the fast paths.
    let isTight = source.flag()
    options.maximumRecord = isTight ? source.size(upTo: 40) : 16 << 20
    options.chunkBytes = isTight ? source.size(upTo: 100) : 256 << 10
    options.maximumRecords = isTight ? source.size(upTo: 8) : 32 << 10
    let bytes = Array(source.rest)
    checkScanner(bytes)
    let expected = PlainFramer.frame(bytes, options)
    file.write(bytes)
    for readBytes in [4096, source.size(upTo: 9)] {
      options.readBytes = readBytes
      file.rewind()
      let found = try read(options)
      law(
        found == expected,
        "reads of \(readBytes) bytes, \(options): \(found) instead of \(expected)")
    }
  }

  private func read(_ options: RecordOptions) throws -> PlainFramer.Result {
    var result = PlainFramer.Result()
    let reader = try RecordReader(descriptor: file.descriptor, name: "f", options: options)
    do {
      while let chunk = try reader.next() {
        law(chunk.count > 0 && chunk.count <= options.maximumRecords, "a chunk of \(chunk.count)")
        law(chunk.firstRecord == result.raw.count + 1, "record \(chunk.firstRecord) out of order")
        law(chunk.text.count == chunk.count, "\(chunk.text.count) texts of \(chunk.count) records")
        result.skipped += chunk.skipped.map { result.raw.count + $0 }
        for i in 0..<chunk.count {
          result.raw.append(Array(chunk.raw[i]))
          result.text.append(Array(chunk.text.bytes[chunk.text.range(i)]))
        }
      }
    } catch let error as PipelineError {
      result.error = error
      do {
        _ = try reader.next()
        fail("an error is told once only: \(error)")
      } catch {
        law("\(error)" == "\(result.error ?? .emptyChain)", "then another error: \(error)")
      }
    }
    law(reader.recordCount == result.raw.count, "\(reader.recordCount) records counted")
    result.malformedCount = reader.malformedCount
    return result
  }

  /// The standard library has a decoder of its own to compare with.
  private func checkScanner(_ bytes: [UInt8]) {
    let decoded = Array(String(decoding: bytes, as: UTF8.self).utf8)
    bytes.withUnsafeBufferPointer { buffer in
      let bad = UTF8Scanner.firstMalformed(in: buffer)
      law((bad == nil) == (decoded == bytes), "well formed or not: \(String(describing: bad))")
      if let bad {
        law(String(validating: bytes[..<bad], as: UTF8.self) != nil, "malformed before \(bad)")
      }
      var repaired: [UInt8] = []
      UTF8Scanner.appendRepaired(buffer, to: &repaired)
      law(repaired == decoded, "repaired to other text")
    }
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    let names = try project.bytes("data/names.txt").prefix(300)
    let lines = try project.bytes("Tests/TokenizeTests/Subword/Goldens/short/lines.txt").prefix(500)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return [
      Array(names) + Array(repeating: 0, count: 8), Array(lines) + Array(repeating: 1, count: 12),
      mark + "a\r\nb\n\u{0}\n".utf8 + [0, 0, 0, 1, 0, 0, 0, 0], [0xFF, 0xFE, 0x41, 0],
      [0xE2, 0x82, 0x0A, 0xF0, 0x9F, 0x98, 0x80, 0x0A, 0xED, 0xA0, 0x80, 3, 2, 1, 1, 0, 1],
    ]
  }
}
