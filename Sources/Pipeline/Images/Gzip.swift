import CImage

/// Compressed files (RFC 1952).
public enum Gzip {
  /// Whether bytes begin as a gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The bytes of all members, each held against its checksum.
  ///
  /// - Parameters:
  ///   - name: of the file, for the message.
  ///   - maximumSize: more than this is refused, however small the file.
  /// - Throws: `PipelineError.malformedImage` where the bytes are damaged, cut short or too many.
  public static func inflate(
    _ bytes: [UInt8], name: String, maximumSize: Int = FileBytes.maximumSize
  ) throws -> [UInt8] {
    func fault(_ problem: String) -> PipelineError {
      .malformedImage(file: name, problem: problem)
    }
    return try bytes.withUnsafeBufferPointer { input in
      guard let stream = seq_gunzip_open(input.baseAddress, input.count) else {
        throw fault("there is no memory to inflate it")
      }
      defer { seq_gunzip_close(stream) }
      var queue = ByteQueue()
      while true {
        let count = try queue.append(limit: 1 << 20) { room in
          let out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
          let count = seq_gunzip_read(stream, out, room.count)
          guard count >= 0 else {
            throw fault("the gzip data are damaged or cut short (get the file again)")
          }
          return count
        }
        if count == 0 { return queue.takeAll() }
        guard queue.count <= maximumSize else {
          throw fault("it holds more than \(maximumSize) bytes")
        }
      }
    }
  }
}
