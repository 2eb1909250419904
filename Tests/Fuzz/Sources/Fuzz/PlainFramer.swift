@testable import Pipeline

/// The rules of records in the plainest words: what the fast reader must agree with.
enum PlainFramer {
  struct Result: Equatable {
    var raw: [[UInt8]] = []
    var text: [[UInt8]] = []
    var skipped: [Int] = []
    var malformedCount = 0
    var error: PipelineError?
  }

  static func frame(_ bytes: [UInt8], _ options: RecordOptions) -> Result {
    var result = Result()
    for (mark, name) in [([0xFF, 0xFE], "little"), ([0xFE, 0xFF], "big")] as [([UInt8], String)]
    where bytes.starts(with: mark) {
      result.error = .wrongEncoding(file: "f", encoding: "UTF-16 (\(name)-endian)")
      return result
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var parts = bytes.dropFirst(hasMark ? 3 : 0)
      .split(separator: options.delimiter.rawValue, omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    for part in parts {
      let line = result.raw.count + 1
      guard part.count <= options.maximumRecord else {
        result.error = .recordTooLong(file: "f", line: line, limit: options.maximumRecord)
        return result
      }
      let strips = options.delimiter == .newline && !options.keepsCarriageReturn
      let record = Array(strips && part.last == 0x0D ? part.dropLast() : part)
      var text = Array(String(decoding: record, as: UTF8.self).utf8)
      if text != record {
        switch options.invalid {
        case .replace: result.malformedCount += 1
        case .skip:
          result.malformedCount += 1
          result.skipped.append(result.raw.count)
          text = []
        case .error:
          let good = record.indices.last {
            String(validating: record[..<$0], as: UTF8.self) != nil
          }
          result.error = .malformedText(file: "f", line: line, offset: (good ?? 0) + 1)
          return result
        }
      }
      result.raw.append(record)
      result.text.append(text)
    }
    return result
  }
}
