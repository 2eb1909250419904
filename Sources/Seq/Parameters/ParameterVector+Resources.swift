import Pipeline

/// Weights in a model file: each parameter a tensor under its name.
extension ParameterVector<Float> {
  /// - Throws: where a tensor is missing or has another shape or size.
  init(_ layout: ParameterLayout, reading resources: ResourceReader) throws {
    // All sizes are checked before any memory is taken for them.
    let saved = try layout.parameters.map { try Self.resource(for: $0, resources) }
    if let places = Self.places(of: saved) {
      self.init(ProgramParameters(layout, places))
      return
    }
    self.init(uninitialized: layout)
    for (parameter, resource) in zip(layout.parameters, saved) {
      resource.withUnsafeBytes { load($0, into: parameter) }
    }
  }

  /// Where the numbers stand, if that is a part of the program in the form in which they are used.
  private static func places(of resources: [Resource]) -> [UnsafePointer<Float>]? {
    guard 1.littleEndian == 1 else { return nil }
    var places: [UnsafePointer<Float>] = []
    for resource in resources {
      guard let bytes = resource.programBytes?.baseAddress,
        Int(bitPattern: bytes).isMultiple(of: MemoryLayout<Float>.alignment)
      else { return nil }
      places.append(bytes.assumingMemoryBound(to: Float.self))
    }
    return places
  }

  func write(to resources: inout ResourceWriter) throws {
    for parameter in layout.parameters {
      try resources.add(
        parameter.name, Resource(type: .f32, shape: parameter.shape, bytes: bytes(of: parameter)))
    }
  }

  private static func resource(
    for parameter: Parameter, _ resources: ResourceReader
  ) throws -> Resource {
    let resource = try resources.read(parameter.name, .f32)
    guard resource.shape == parameter.shape else {
      throw PipelineError.malformedResource(
        parameter.name, "has shape \(resource.shape), but \(parameter.shape) is needed")
    }
    guard resource.byteCount == parameter.count * 4 else {
      throw PipelineError.malformedResource(
        parameter.name, "has \(resource.byteCount) bytes, but \(parameter.count * 4) are needed")
    }
    return resource
  }

  /// The bytes of one parameter, little-endian.
  func bytes(of parameter: Parameter) -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(parameter.count * 4)
    let values = pointer(parameter)
    for i in 0..<parameter.count {
      let bits = values[i].bitPattern
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
    }
    return bytes
  }

  /// Fills one parameter from little-endian bytes.
  ///
  /// - Precondition: there are exactly as many as it needs.
  mutating func load(_ bytes: UnsafeRawBufferPointer, into parameter: Parameter) {
    precondition(bytes.count == parameter.count * 4, "\(parameter.name) has another size")
    let target = mutablePointer(parameter)
    for i in 0..<parameter.count {
      let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self))
      target[i] = Float(bitPattern: bits)
    }
  }
}
