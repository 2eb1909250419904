import Pipeline

/// A snapshot as a safetensors file that carries its own digest.
extension TrainingSnapshot {
  private static let format = "seqtool.checkpoint"
  private static let version = "1"

  /// The bytes of the file; equal snapshots give equal bytes.
  /// - Throws: `PipelineError.malformedResource` where an array is too large for a file.
  package func fileBytes() throws -> [UInt8] {
    var file = SafetensorsFile(metadata: [
      "format": Self.format, "format_version": Self.version,
      "numbers": JSONValue.object(numbers).text(),
    ])
    for (name, array) in arrays {
      file.tensors[name] = Resource(
        type: .f32, shape: [array.count], bytes: array.withUnsafeBytes { Array($0) })
    }
    return try file.sealedBytes()
  }

  /// Reads and checks a file.
  /// - Throws: `PipelineError.malformedModel`, which names the place of the fault.
  package init(fileBytes bytes: [UInt8], name: String) throws {
    let file = try SafetensorsFile.readSealed(bytes, name: name)
    func fault(_ place: String, _ problem: String) -> PipelineError {
      .malformedModel(file: name, place: place, problem: problem)
    }
    guard file.metadata["format"] == Self.format else {
      throw fault("format", "this is not a checkpoint of seqtool")
    }
    guard file.metadata["format_version"] == Self.version else {
      throw fault("format_version", "this program reads version \(Self.version) alone")
    }
    guard let text = file.metadata["numbers"],
      case .object(let numbers)? = try? JSONParser.parse(text.utf8)
    else { throw fault("numbers", "an object is expected") }
    self.init(numbers: numbers)
    for (name, tensor) in file.tensors {
      guard tensor.type == .f32, tensor.shape.count == 1 else {
        throw fault(name, "a list of F32 numbers is expected")
      }
      if let place = tensor.firstNonFinite {
        throw fault(name, "element \(place) is not a finite number")
      }
      arrays[name] = [Float](unsafeUninitializedCapacity: tensor.shape[0]) { buffer, count in
        tensor.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
        count = tensor.shape[0]
      }
    }
  }
}
