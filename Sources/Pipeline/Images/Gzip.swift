import CImage

/// Compressed files (RFC 1952).
public enum Gzip {
  /// Whether bytes begin as a gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The most that a file may hold: a hundred times its own size, or 64 MiB. (MNIST's files hold five times
  /// their size; one made to fill the memory, up to a thousand times.)
  static func maximumSize(ofFile size: Int) -> Int {
    min(FileBytes.maximumSize, max(64 << 20, 100 * min(size, FileBytes.maximumSize)))
  }

  /// The bytes of all members, each held against its checksum.
  ///
  /// - Parameters:
  ///   - name: of the file, for the message.
  ///   - maximumSize: more than this is refused; `nil` is a hundred times the file's size, or 64 MiB.
  /// - Throws: `PipelineError.malformedImage` where the bytes are damaged, cut short or too many.
  public static func inflate(
    _ bytes: [UInt8], name: String, maximumSize: Int? = nil
  ) throws -> [UInt8] {
    let maximumSize = maximumSize ?? Self.maximumSize(ofFile: bytes.count)
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
          throw fault(
            "its \(bytes.count) bytes hold more than \(maximumSize) (if it is meant to, inflate it first)"
          )
        }
      }
    }
  }
}
