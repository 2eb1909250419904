import CICU

/// An open ICU transliterator. Rules are parsed once; every runner works on a clone of its own, and
/// the original is only cloned, so it may be shared.
final class Transliterator: @unchecked Sendable {
  private let handle: OpaquePointer

  /// - Throws: `TokenizeError.invalidTransliteration` with ICU's reason.
  init(rules: String) throws {
    var status: Int32 = 0
    var message = [CChar](repeating: 0, count: 256)
    guard let handle = cicu_transliterator_open(rules, &status, &message, message.count) else {
      let reason = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw TokenizeError.invalidTransliteration(
        rules: rules, reason: String(decoding: reason, as: UTF8.self))
    }
    self.handle = handle
  }

  /// A copy for one runner.
  init(cloning original: Transliterator) throws {
    guard let handle = cicu_transliterator_clone(original.handle) else {
      throw TokenizeError.icu(operation: "copy a transliterator", status: Int32(CICU_OUT_OF_MEMORY))
    }
    self.handle = handle
  }

  deinit { cicu_transliterator_close(handle) }

  func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) throws {
    try output.fill("transliterate", expecting: record.count * 2 + 16) {
      cicu_transliterate(handle, record.baseAddress, record.count, $0)
    }
  }
}
