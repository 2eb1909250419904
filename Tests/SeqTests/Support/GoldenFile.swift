import Pipeline
import Seq
import TestSupport

/// The arrays that `Goldens/make_goldens.py` wrote.
struct GoldenFile: Sendable {
  private let file: SafetensorsFile
  private let prefix: String

  /// - Parameter source: the path of the calling file; the goldens stand in `Goldens` beside it.
  init(_ name: String, source: String = #filePath) throws {
    let tests = source.split(separator: "/", omittingEmptySubsequences: false)
      .prefix { $0 != "SeqTests" }.joined(separator: "/")
    file = try SafetensorsFile.read(readFile("\(tests)/SeqTests/Goldens/\(name).safetensors"))
    prefix = ""
  }

  private init(_ file: SafetensorsFile, prefix: String) {
    self.file = file
    self.prefix = prefix
  }

  /// The arrays whose names begin with `name/`, without it.
  func group(_ name: String) -> GoldenFile { GoldenFile(file, prefix: prefix + name + "/") }

  /// The shape of an array.
  func shape(_ name: String) throws -> [Int] { try resource(name).shape }

  /// The elements of a floating-point array.
  func values(_ name: String) throws -> [Double] {
    let resource = try resource(name)
    return resource.bytes.withUnsafeBytes { raw in
      (0..<raw.count / resource.type.size).map { i in
        switch resource.type {
        case .f64:
          Double(bitPattern: raw.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self))
        case .f32:
          Double(
            Float(bitPattern: raw.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)))
        case .i64: Double(raw.loadUnaligned(fromByteOffset: 8 * i, as: Int64.self))
        case .i32: Double(raw.loadUnaligned(fromByteOffset: 4 * i, as: Int32.self))
        case .u8: Double(raw[i])
        }
      }
    }
  }

  /// The elements of an integer array.
  func integers(_ name: String) throws -> [Int32] { try values(name).map { Int32($0) } }

  func tensor<S: Scalar>(_ name: String) throws -> Tensor<S> {
    Tensor(try shape(name), try values(name).map { S($0) })
  }

  private func resource(_ name: String) throws -> Resource {
    guard let resource = file.tensors[prefix + name] else {
      throw PipelineError.missingResource(prefix + name)
    }
    return resource
  }
}
