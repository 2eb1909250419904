extension SafetensorsFile {
  /// The bytes of the file: tensors by falling alignment of their types, then by name; the header
  /// padded with spaces to a multiple of 8. Equal contents give equal bytes, and the same bytes as
  /// the reference writer's (whose order of several metadata keys is not defined; ours is sorted).
  ///
  /// - Throws: `PipelineError.malformedResource` where a name, shape or size cannot stand in a
  ///   file.
  public func bytes() throws -> [UInt8] {
    let order = tensors.sorted { a, b in
      a.value.type == b.value.type
        ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
        : a.value.type.rank > b.value.type.rank
    }
    let header = try header(order)
    let total = order.reduce(8 + header.count) { $0 + $1.value.byteCount }
    var output: [UInt8] = []
    output.reserveCapacity(total)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { output += $0 }
    output += header
    for (_, tensor) in order { tensor.withUnsafeBytes { output.append(contentsOf: $0) } }
    return output
  }

  private func header(_ order: [(key: String, value: Resource)]) throws -> [UInt8] {
    var entries: [[UInt8]] = []
    if !metadata.isEmpty {
      let texts = JSONObject(metadata.map { ($0.key, .string($0.value)) })
      entries.append(Self.entry(Self.metadataKey, JSONValue.object(texts).bytes()))
    }
    var position = 0
    for (name, tensor) in order {
      try check(name, tensor)
      let end = position + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let text =
        "{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(position),\(end)]}"
      entries.append(Self.entry(name, Array(text.utf8)))
      position = end
    }
    var header = Array("{".utf8) + entries.joined(separator: [UInt8(ascii: ",")])
    header.append(UInt8(ascii: "}"))
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    guard header.count <= Self.maximumHeader else {
      throw PipelineError.malformedResource(
        "header", "takes \(header.count) bytes, but at most \(Self.maximumHeader) are allowed")
    }
    return header
  }

  private static func entry(_ name: String, _ value: [UInt8]) -> [UInt8] {
    var entry: [UInt8] = []
    JSONValue.append(name, to: &entry)
    entry.append(UInt8(ascii: ":"))
    return entry + value
  }

  /// What the reader would refuse is not written either.
  private func check(_ name: String, _ tensor: Resource) throws {
    let isNamed = !name.isEmpty && name.utf8.count <= Self.maximumName && name != Self.metadataKey
    guard isNamed, tensors.count <= Self.maximumTensors else {
      throw PipelineError.malformedResource(
        name,
        "cannot be saved: a file holds at most \(Self.maximumTensors) tensors "
          + "with names of 1 to \(Self.maximumName) bytes")
    }
    guard tensor.shape.count <= Self.maximumRank,
      tensor.shape.allSatisfy({ (0..<1 << 31).contains($0) }),
      byteCount(tensor.shape, tensor.type) == tensor.byteCount
    else {
      throw PipelineError.malformedResource(
        name,
        "has \(tensor.byteCount) bytes of \(tensor.type.rawValue), "
          + "which do not make the shape \(tensor.shape)")
    }
  }
}
