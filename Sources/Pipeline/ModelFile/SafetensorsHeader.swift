/// The header of a safetensors file, read and checked without touching a tensor's bytes.
///
/// Every number that the file says is checked before anything of its size is allocated, and every
/// check holds even where all digests are right.
struct SafetensorsHeader {
  /// The bytes of the JSON text in the file.
  let text: Range<Int>
  let metadata: [String: String]
  /// In the order of their bytes.
  let layouts: [TensorLayout]

  /// - Throws: `PipelineError.malformedModel`, which names the place.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    func fault(_ place: String, _ problem: String) -> PipelineError {
      .malformedModel(file: file, place: place, problem: problem)
    }
    guard bytes.count >= 8 else {
      throw fault("length", "the file has only \(bytes.count) bytes (is it cut short?)")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(SafetensorsFile.maximumHeader) else {
      throw fault(
        "length",
        "the header claims \(length) bytes, but at most "
          + "\(SafetensorsFile.maximumHeader) are allowed (is this a model file?)")
    }
    text = 8..<8 + Int(length)
    guard text.upperBound <= bytes.count else {
      throw fault(
        "length",
        "the header claims \(length) bytes, but the file has \(bytes.count - 8) more "
          + "(is it cut short?)")
    }
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes[text], maximumSize: SafetensorsFile.maximumHeader)
    } catch PipelineError.malformedJSON(let offset, let problem) {
      throw fault("header:\(offset)", problem)
    }
    guard bytes[8] == UInt8(ascii: "{"), case .object(let object) = json else {
      throw fault("header:0", "an object is expected")
    }
    let reader = HeaderReader(file: file)
    metadata = try reader.metadata(object[SafetensorsFile.metadataKey])
    layouts = try reader.layouts(object, size: bytes.count - text.upperBound)
  }
}

/// Takes the parts of a header apart.
private struct HeaderReader {
  let file: String

  private func fault(_ place: String, _ problem: String) -> PipelineError {
    .malformedModel(file: file, place: place, problem: problem)
  }

  func metadata(_ value: JSONValue?) throws -> [String: String] {
    guard let value else { return [:] }
    guard case .object(let object) = value else {
      throw fault(SafetensorsFile.metadataKey, "an object is expected")
    }
    var metadata: [String: String] = [:]
    for member in object.members {
      guard case .string(let text) = member.value else {
        throw fault("\(SafetensorsFile.metadataKey).\(member.key)", "a text is expected")
      }
      // Keys that differ in bytes can be one key to a Swift dictionary.
      guard metadata.updateValue(text, forKey: member.key) == nil else {
        throw fault("\(SafetensorsFile.metadataKey).\(member.key)", "the key stands twice")
      }
    }
    return metadata
  }

  /// The tensors in the order of their bytes, which must follow each other without hole or
  /// overlap, from the first byte to the last.
  func layouts(_ object: JSONObject, size: Int) throws -> [TensorLayout] {
    let entries = object.members.filter { $0.key != SafetensorsFile.metadataKey }
    guard entries.count <= SafetensorsFile.maximumTensors else {
      throw fault(
        "header",
        "there are \(entries.count) tensors, but at most "
          + "\(SafetensorsFile.maximumTensors) are allowed")
    }
    var layouts = try entries.map { try layout($0.key, $0.value) }
    layouts.sort {
      ($0.extent.lowerBound, $0.extent.upperBound) < ($1.extent.lowerBound, $1.extent.upperBound)
    }
    var position = 0
    var names: Set<String> = []
    for layout in layouts {
      guard layout.extent.lowerBound == position else {
        throw fault(
          layout.name,
          "its bytes begin at \(layout.extent.lowerBound), but those before it end "
            + "at \(position)")
      }
      guard names.insert(layout.name).inserted else {
        throw fault(layout.name, "the name stands twice")
      }
      position = layout.extent.upperBound
    }
    guard position == size else {
      throw fault(
        layouts.last?.name ?? "header",
        "the tensors end at byte \(position), but \(size) bytes follow the header "
          + "(is the file cut short, or was something added?)")
    }
    return layouts
  }

  private func layout(_ name: String, _ value: JSONValue) throws -> TensorLayout {
    guard !name.isEmpty, name.utf8.count <= SafetensorsFile.maximumName else {
      throw fault(
        Escaping.printable(name, limit: 40),
        "a name has from 1 to \(SafetensorsFile.maximumName) bytes")
    }
    guard case .object(let object) = value, object.keys == ["data_offsets", "dtype", "shape"]
    else { throw fault(name, "exactly dtype, shape and data_offsets are expected") }
    let type = try elementType(name, object["dtype"])
    let shape = try shape(name, object["shape"])
    let extent = try extent(name, object["data_offsets"])
    guard let count = byteCount(shape, type) else {
      throw fault(name, "the shape \(shape) is too large")
    }
    guard count == extent.count else {
      throw fault(
        name,
        "the shape \(shape) of \(type.rawValue) takes \(count) bytes, "
          + "but data_offsets give \(extent.count)")
    }
    return TensorLayout(name: name, type: type, shape: shape, extent: extent)
  }

  private func elementType(_ name: String, _ value: JSONValue?) throws -> ElementType {
    guard let text = value?.stringValue else { throw fault(name, "dtype must be a text") }
    guard let type = ElementType(rawValue: text) else {
      let known = ElementType.allCases.map(\.rawValue)
      throw fault(name, "unknown dtype \"\(text)\" \(Nearest.hint(for: text, among: known))")
    }
    return type
  }

  private func shape(_ name: String, _ value: JSONValue?) throws -> [Int] {
    guard let values = value?.arrayValue, values.count <= SafetensorsFile.maximumRank else {
      throw fault(
        name, "shape must be a list of at most \(SafetensorsFile.maximumRank) whole numbers")
    }
    return try values.map { value in
      guard let dimension = value.intValue, (0..<1 << 31).contains(dimension) else {
        throw fault(name, "a dimension must be a whole number from 0 to 2147483647")
      }
      return dimension
    }
  }

  private func extent(_ name: String, _ value: JSONValue?) throws -> Range<Int> {
    guard let values = value?.arrayValue, values.count == 2, let begin = values[0].intValue,
      let end = values[1].intValue, begin >= 0, begin <= end
    else { throw fault(name, "data_offsets must be two whole numbers, the first not above") }
    return begin..<end
  }
}
