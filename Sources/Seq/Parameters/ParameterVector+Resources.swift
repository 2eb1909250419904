import Pipeline

/// Weights in a model file: each parameter a tensor under its name.
extension ParameterVector<Float> {
  /// - Throws: where a tensor is missing or has another shape or size.
  init(_ layout: ParameterLayout, reading resources: ResourceReader) throws {
    // All sizes are checked before any memory is taken for them.
    let saved = try layout.parameters.map { try Self.resource(for: $0, resources) }
    self.init(layout)
    for (parameter, resource) in zip(layout.parameters, saved) {
      load(resource.bytes, into: parameter)
    }
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
    guard resource.bytes.count == parameter.count * 4 else {
      throw PipelineError.malformedResource(
        parameter.name, "has \(resource.bytes.count) bytes, but \(parameter.count * 4) are needed")
    }
    return resource
  }
}
