/// The element types that a model file can hold, named as in safetensors.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case u8 = "U8"
  case i32 = "I32"
  case i64 = "I64"
  case f32 = "F32"
  case f64 = "F64"

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .u8: 1
    case .i32, .f32: 4
    case .i64, .f64: 8
    }
  }
}

/// One named block of numbers, row-major and little-endian, as it stands in a file.
public struct Resource: Sendable, Hashable {
  public var type: ElementType
  public var shape: [Int]
  private var content: SharedBytes

  public init(type: ElementType, shape: [Int], bytes: [UInt8]) {
    self.init(type: type, shape: shape, content: SharedBytes(bytes))
  }

  init(type: ElementType, shape: [Int], content: SharedBytes) {
    self.type = type
    self.shape = shape
    self.content = content
  }

  /// A copy of all bytes where they are a part of a file, in O(bytes).
  public var bytes: [UInt8] {
    get { content.array }
    set { content = SharedBytes(newValue) }
  }

  /// The number of bytes. O(1).
  public var byteCount: Int { content.count }

  /// The bytes where they stand, if that is a part of the program, which never changes and never goes.
  package var programBytes: UnsafeRawBufferPointer? { content.programBytes }

  /// Passes the bytes where they stand. O(1).
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try content.withUnsafeBytes(body)
  }
}

/// Collects what a stage saves.
public struct ResourceWriter: Sendable {
  public private(set) var resources: [String: Resource] = [:]

  public init() {}

  /// Adds a resource under a name that is unique within its stage.
  public mutating func add(_ name: String, _ resource: Resource) throws {
    guard resources.updateValue(resource, forKey: name) == nil else {
      throw PipelineError.duplicateResource(name)
    }
  }

  /// Adds raw bytes (a vocabulary, JSON) as a U8 vector.
  public mutating func add(_ name: String, bytes: [UInt8]) throws {
    try add(name, Resource(type: .u8, shape: [bytes.count], bytes: bytes))
  }
}

/// Gives a stage what it saved. Every resource must be read exactly by its owner: what nobody
/// asked for is reported as an error by the model file's loader.
public final class ResourceReader {
  private let resources: [String: Resource]
  /// The names that have been read.
  public private(set) var consumed: Set<String> = []

  public init(_ resources: [String: Resource] = [:]) {
    self.resources = resources
  }

  /// All names, sorted by bytes.
  public var names: [String] {
    resources.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The resource of that name and type.
  /// - Throws: `PipelineError.missingResource`, or `.malformedResource` where the type differs.
  public func read(_ name: String, _ type: ElementType) throws -> Resource {
    guard let resource = resources[name] else { throw PipelineError.missingResource(name) }
    guard resource.type == type else {
      throw PipelineError.malformedResource(
        name, "has type \(resource.type.rawValue), but \(type.rawValue) is needed")
    }
    consumed.insert(name)
    return resource
  }

  /// The bytes of a U8 resource.
  public func bytes(_ name: String) throws -> [UInt8] { try read(name, .u8).bytes }
}
