extension SafetensorsFile {
  /// Reads a file that stands in memory, of which the tensors stay parts. O(bytes of the header).
  /// - Parameter name: the file's name, for messages.
  /// - Throws: `PipelineError.malformedModel`, which names the place of the fault.
  public static func read(_ bytes: [UInt8], name: String = "model") throws -> SafetensorsFile {
    let header = try bytes.withUnsafeBytes { try SafetensorsHeader($0, file: name) }
    return SafetensorsFile(
      metadata: header.metadata, tensors: header.tensors(in: SharedBytes(bytes)))
  }
}

extension SafetensorsHeader {
  /// Where the bytes of one tensor stand.
  func range(_ layout: TensorLayout) -> Range<Int> {
    text.upperBound + layout.extent.lowerBound..<text.upperBound + layout.extent.upperBound
  }

  func tensors(in bytes: SharedBytes) -> [String: Resource] {
    var tensors: [String: Resource] = [:]
    for layout in layouts {
      tensors[layout.name] = Resource(
        type: layout.type, shape: layout.shape, content: bytes.slice(range(layout)))
    }
    return tensors
  }
}
