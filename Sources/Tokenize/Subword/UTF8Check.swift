import Pipeline

/// Whether bytes from a file are text.
enum UTF8Check {
  static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    UTF8Scanner.firstMalformed(in: bytes) == nil
  }
}
