import Glibc
import Pipeline
import TestSupport
import Testing

@Suite struct RecordReaderTests {
  /// What a reader gave for a text, chunk borders put away.
  private struct Reading: Equatable {
    var raw: [[UInt8]] = []
    var text: [String] = []
    var skipped: [Int] = []
    var malformed = 0
    var chunkSizes: [Int] = []
    var error: PipelineError?
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ files: [String], _ options: RecordOptions) throws -> Reading {
    var reading = Reading()
    let reader = try RecordReader(files: files, options: options)
    do {
      while let chunk = try reader.next() {
        #expect(chunk.count > 0 && chunk.count == chunk.text.count)
        let numbers = reading.raw.count
        for i in 0..<chunk.count {
          reading.raw.append(Array(chunk.raw[i]))
          reading.text.append(chunk.text.string(i))
        }
        reading.skipped += chunk.skipped.map { $0 + numbers }
        reading.malformed += chunk.malformedCount
        reading.chunkSizes.append(chunk.count)
      }
    } catch let error as PipelineError {
      reading.error = error
    }
    #expect(reader.recordCount == reading.raw.count)
    return reading
  }

  private func options(_ change: (inout RecordOptions) -> Void = { _ in }) -> RecordOptions {
    var options = RecordOptions()
    change(&options)
    return options
  }

  private func records(_ bytes: [UInt8], _ options: RecordOptions) throws -> [[UInt8]] {
    let reading = try read([folder.write("t", bytes)], options)
    #expect(reading.error == nil)
    return reading.raw
  }

  private func strings(_ text: String, _ options: RecordOptions) throws -> [String] {
    try records(Array(text.utf8), options).map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: - Lines

  @Test(arguments: [
    ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\n", ["a", ""]),
    ("\n\na", ["", "", "a"]),
    ("a\r\nb\r\n", ["a", "b"]), ("a\r\nb\r", ["a", "b"]), ("\r\n", [""]), ("\r", [""]),
    ("a\r\r\n", ["a\r"]), ("a\rb\n", ["a\rb"]), ("a\u{85}b\u{2028}c\n", ["a\u{85}b\u{2028}c"]),
    ("a\0b\n\0\n", ["a\0b", "\0"]), ("\u{FEFF}a\n\u{FEFF}b", ["a", "\u{FEFF}b"]),
    ("\u{FEFF}", []), ("\u{FEFF}\n", [""]), ("\u{FEFF}\u{FEFF}a", ["\u{FEFF}a"]),
  ])
  func linesFollowTheContract(text: String, expected: [String]) throws {
    let found = try strings(text, options())
    #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
  }

  @Test func theFinalNewlineHasNoEffect() throws {
    for text in ["a", "a\nb", "é\r", "a\n\nb", "x\0"] {
      let with = try records(Array((text + "\n").utf8), options())
      #expect(try records(Array(text.utf8), options()) == with)
    }
  }

  @Test func carriageReturnsAreKeptOnRequest() throws {
    let found = try strings("a\r\nb\r", options { $0.keepsCarriageReturn = true })
    #expect(found.map { Array($0.utf8) } == ["a\r", "b\r"].map { Array($0.utf8) })
  }

  @Test func recordsEndAtNUL() throws {
    let found = try strings("a\nb\0\0c\r\0d", options { $0.delimiter = .nul })
    #expect(found.map { Array($0.utf8) } == ["a\nb", "", "c\r", "d"].map { Array($0.utf8) })
  }

  // MARK: - Files

  @Test func aRecordEndsWithItsFile() throws {
    let files = [
      try folder.write("1", "a\nb"), try folder.write("2", ""),
      try folder.write("3", "\u{FEFF}c\n"), try folder.write("4", "\u{FEFF}d"),
    ]
    let reading = try read(files, options())
    #expect(reading.text == ["a", "b", "c", "d"])
  }

  @Test func chunksKnowFileAndLine() throws {
    let files = [try folder.write("1", "a\nb\nc"), try folder.write("2", "d\n")]
    let reader = try RecordReader(files: files, options: options { $0.maximumRecords = 2 })
    var places: [String] = []
    while let chunk = try reader.next() {
      places.append("\(chunk.file == files[0] ? 1 : 2):\(chunk.firstRecord):\(chunk.count)")
    }
    #expect(places == ["1:1:2", "1:3:1", "2:1:1"])
  }

  @Test func missingFilesComeAfterWhatIsBefore() throws {
    let reading = try read([folder.write("1", "a\n"), folder.file("none")], options())
    #expect(reading.text == ["a"])
    #expect(reading.error == .cannotOpen(file: folder.file("none"), code: ENOENT))
    #expect(
      try read([folder.path], options()).error == .cannotOpen(file: folder.path, code: EISDIR))
  }

  @Test func anotherEncodingIsAnError() throws {
    for start: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
      let reading = try read([folder.write("t", start + [0x61, 0x00])], options())
      guard case .wrongEncoding? = reading.error else {
        Issue.record("\(reading)")
        return
      }
      #expect(reading.raw.isEmpty)
    }
    // One byte of such a mark is malformed text like any other.
    #expect(try read([folder.write("t", [0xFF])], options()).text == ["\u{FFFD}"])
    #expect(try read([folder.write("t", [0xEF, 0xBB])], options()).text == ["\u{FFFD}"])
  }

  // MARK: - Malformed text

  private let malformed: [UInt8] =
    Array("ok\n".utf8) + [0x61, 0xC3, 0x0A, 0xA9, 0x62, 0x0A]
    + Array("é\n".utf8)

  @Test func malformedTextIsReplaced() throws {
    let reading = try read([folder.write("t", malformed)], options())
    #expect(reading.text == ["ok", "a\u{FFFD}", "\u{FFFD}b", "é"])
    #expect(reading.raw[1] == [0x61, 0xC3])
    #expect(reading.raw[2] == [0xA9, 0x62])
    #expect(reading.malformed == 2)
    #expect(reading.skipped == [])
  }

  @Test func malformedTextIsSkipped() throws {
    let reading = try read([folder.write("t", malformed)], options { $0.invalid = .skip })
    #expect(reading.text == ["ok", "", "", "é"])
    #expect(reading.skipped == [1, 2])
    #expect(reading.malformed == 2)
    #expect(reading.raw.count == 4)
  }

  @Test func malformedTextIsAnErrorAfterWhatIsBefore() throws {
    let path = try folder.write("t", malformed)
    for chunk in [1, 3, 4096] {
      let reading = try read(
        [path],
        options {
          $0.invalid = .error
          $0.chunkBytes = chunk
        })
      #expect(reading.text == ["ok"])
      #expect(reading.error == .malformedText(file: path, line: 2, offset: 2))
    }
  }

  @Test func wholeChunksShareTheirBytes() throws {
    let reader = try RecordReader(files: [folder.write("t", "aé\nb\n")])
    let chunk = try #require(try reader.next())
    let same = chunk.raw.bytes.withUnsafeBufferPointer { raw in
      chunk.text.bytes.withUnsafeBufferPointer { $0.baseAddress == raw.baseAddress }
    }
    #expect(same)
  }

  // MARK: - Limits

  @Test func longRecordsAreRefusedAfterWhatIsBefore() throws {
    let long = String(repeating: "x", count: 11)
    for text in ["a\n\(long)\nb\n", "a\n\(long)"] {
      let path = try folder.write("t", text)
      for size in [1, 3, 4096] {
        let reading = try read(
          [path],
          options {
            $0.maximumRecord = 10
            $0.readBytes = size
          })
        #expect(reading.text == ["a"])
        #expect(reading.error == .recordTooLong(file: path, line: 2, limit: 10))
      }
    }
    #expect(try strings("a\n\(long)\n", options { $0.maximumRecord = 11 }) == ["a", long])
  }

  @Test func aRecordLongerThanAChunkIsOneChunk() throws {
    let long = String(repeating: "日本", count: 200_000)
    let path = try folder.write("t", "a\n\(long)\nb\n")
    let reading = try read([path], options { $0.chunkBytes = 64 })
    #expect(reading.text == ["a", long, "b"])
    #expect(reading.chunkSizes == [1, 1, 1])
  }

  @Test func anEndlessRecordIsRefused() throws {
    let reading = try read(["/dev/zero"], options { $0.maximumRecord = 1 << 20 })
    #expect(reading.error == .recordTooLong(file: "/dev/zero", line: 1, limit: 1 << 20))
  }

  @Test func optionsOutOfRangeAreRefused() {
    for change: (inout RecordOptions) -> Void in [
      { $0.maximumRecord = 0 }, { $0.chunkBytes = 0 }, { $0.readBytes = -1 },
      { $0.maximumRecords = 0 }, { $0.maximumRecord = 1 << 31 },
    ] {
      #expect(throws: PipelineError.self) { try RecordReader(files: [], options: options(change)) }
    }
  }

  // MARK: - Invariance

  /// Every policy, delimiter and read size gives the same records in the same chunks.
  @Test(arguments: RecordOptions.InvalidPolicy.allCases, RecordOptions.Delimiter.allCases)
  func readSizesDoNotMatter(
    policy: RecordOptions.InvalidPolicy, delimiter: RecordOptions.Delimiter
  ) throws {
    var generator = SeededGenerator(3)
    let pieces: [[UInt8]] = [
      [0x0A], [0x0D, 0x0A], [0x0D], [0x00], Array("a".utf8), Array("é".utf8), Array("日本".utf8),
      Array("😀".utf8), [0xEF, 0xBB, 0xBF], policy == .error ? [0x62] : [0xC3], [0x0A],
      Array("some longer ASCII text, more than a word".utf8),
    ]
    for round in 0..<20 {
      let bytes = (0..<round * 3).flatMap { _ in pieces.randomElement(using: &generator) ?? [] }
      let path = try folder.write("t", bytes)
      var expected: Reading?
      for size in [1 << 20, 1, 2, 3, 5, 7, 64, 4096] {
        let reading = try read(
          [path],
          options {
            $0.invalid = policy
            $0.delimiter = delimiter
            $0.readBytes = size
            $0.chunkBytes = 40
            $0.maximumRecords = 5
          })
        #expect(reading == expected ?? reading, "read size \(size), \(bytes)")
        expected = expected ?? reading
      }
      let whole = try read(
        [path],
        options {
          $0.invalid = policy
          $0.delimiter = delimiter
        })
      #expect(whole.text == expected?.text)
      #expect(whole.raw == expected?.raw)
    }
  }

  // MARK: - Blocks

  /// Chunks are cut by the bytes alone, however their borders were found; a limit on records below
  /// that on chunks makes the reader look at each record.
  @Test(arguments: RecordOptions.InvalidPolicy.allCases, [1, 3, 40, 100])
  func blocksHoldTheSameChunks(invalid: RecordOptions.InvalidPolicy, records: Int) throws {
    var random = RandomText(seed: 75)
    var bytes: [UInt8] = []
    for text in NaughtyText.records + random.texts(300) { bytes += Array(text.utf8) + [0x0A] }
    if invalid != .error { bytes += [0x61, 0xFF, 0x0A, 0x62] }
    let file = try folder.write("blocks", bytes)
    let limited = options {
      $0.chunkBytes = 512
      $0.maximumRecords = records
      $0.invalid = invalid
    }
    let reader = try RecordReader(files: [file], options: limited)
    var chunks: [RecordChunk] = []
    while let block = try reader.nextBlock() { chunks.append(block.records()) }
    let reading = try read([file], limited)
    #expect(chunks.map(\.count) == reading.chunkSizes)
    #expect(reader.recordCount == reading.raw.count)
    #expect(reader.malformedCount == reading.malformed)
    var first = 1
    for chunk in chunks {
      #expect(chunk.firstRecord == first)
      first += chunk.count
    }
  }
}
