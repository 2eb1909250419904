extension SafetensorsFile {
  /// Reads a file that stands in memory. O(bytes); allocates little more than the tensors.
  /// - Parameter name: the file's name, for messages.
  /// - Throws: `PipelineError.malformedModel`, which names the place of the fault.
  public static func read(_ bytes: [UInt8], name: String = "model") throws -> SafetensorsFile {
    try bytes.withUnsafeBytes { try read($0, name: name) }
  }

  /// Reads a file that stands in memory which somebody else owns.
  public static func read(
    _ bytes: UnsafeRawBufferPointer, name: String = "model"
  ) throws -> SafetensorsFile {
    let header = try SafetensorsHeader(bytes, file: name)
    return SafetensorsFile(metadata: header.metadata, tensors: header.tensors(in: bytes))
  }
}

extension SafetensorsHeader {
  /// The bytes of one tensor.
  func slice(_ layout: TensorLayout, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let start = text.upperBound
    return UnsafeRawBufferPointer(
      rebasing: bytes[start + layout.extent.lowerBound..<start + layout.extent.upperBound])
  }

  /// Copies the tensors out.
  func tensors(in bytes: UnsafeRawBufferPointer) -> [String: Resource] {
    var tensors: [String: Resource] = [:]
    for layout in layouts {
      tensors[layout.name] = Resource(
        type: layout.type, shape: layout.shape, bytes: Array(slice(layout, of: bytes)))
    }
    return tensors
  }
}
