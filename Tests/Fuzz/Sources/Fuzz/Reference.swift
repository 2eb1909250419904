import CICU
import Pipeline

/// ICU asked directly, without the fast paths of the stages.
enum Reference {
  static func normalize(_ text: [UInt8], _ form: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: text.count * 18 + 64)
    var buffer = cicu_buffer()
    let status = bytes.withUnsafeMutableBufferPointer { room in
      buffer.bytes = room.baseAddress
      buffer.capacity = room.count
      return cicu_normalize_reference(form, text, text.count, &buffer)
    }
    guard status == Int32(CICU_OK) else { fail("the reference fails (status \(status))") }
    return Array(bytes[..<buffer.length])
  }

  static func isWhiteSpace(_ text: some Sequence<UInt8>) -> Bool {
    String(decoding: Array(text), as: UTF8.self).unicodeScalars
      .allSatisfy { cicu_is_white_space($0.value) != 0 }
  }

  /// A break iterator.
  final class Breaker {
    private let handle: OpaquePointer

    init(_ unit: Int) throws {
      var status: Int32 = 0
      guard let handle = cicu_breaker_open(Int32(unit), &status) else {
        throw Complaint("no break iterator (status \(status))")
      }
      self.handle = handle
    }

    deinit { cicu_breaker_close(handle) }

    func segments(_ text: [UInt8]) -> [(bytes: [UInt8], isWord: Bool)] {
      var ends = [UInt32](repeating: 0, count: text.count)
      var isWord = [UInt8](repeating: 0, count: text.count)
      var count = 0
      let status = cicu_breaker_find(handle, text, text.count, &ends, &isWord, &count)
      guard status == Int32(CICU_OK) else { fail("the reference fails (status \(status))") }
      var begin = 0
      return (0..<count).map { i in
        defer { begin = Int(ends[i]) }
        return (Array(text[begin..<Int(ends[i])]), isWord[i] != 0)
      }
    }
  }
}
