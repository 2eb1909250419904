/// The images of a file in IDX, PGM or PNG, any of them compressed by gzip.
public struct ImageFile: Sendable {
  /// As it was given; `-` is standard input.
  public let name: String
  public let images: ImageChunk
  /// Whether the file is a list of images, as IDX is.
  public let isList: Bool

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - channels: what a PNG is read as: 1 for grey, 3 for colour. The others say themselves.
  /// - Throws: `PipelineError.cannotOpen`, `.cannotRead`, `.malformedImage`.
  public init(_ path: String, channels: Int = 1) throws {
    try self.init(try Self.bytes(path), name: path, channels: channels)
  }

  /// Reads a file that stands in memory.
  public init(_ bytes: [UInt8], name: String, channels: Int = 1) throws {
    self.name = name
    isList = IDXFile.isIDX(bytes)
    if isList {
      images = try Self.images(try IDXFile(bytes, name: name), name: name)
    } else if PNGImage.isPNG(bytes) {
      images = try PNGImage.read(bytes, name: name, channels: channels)
    } else if GrayMap.isGrayMap(bytes) {
      images = try GrayMap.read(bytes, name: name)
    } else {
      throw PipelineError.malformedImage(
        file: name, problem: "this is no image in IDX, PGM (P2, P5) or PNG")
    }
  }

  /// The name of image `i`: that of the file, with `#i` behind it in a list.
  public func name(of i: Int) -> String { isList ? "\(name)#\(i)" : name }

  /// The labels of an IDX file, one byte for each image.
  /// - Throws: as `init`.
  public static func labels(_ path: String) throws -> [UInt8] {
    let file = try IDXFile(try bytes(path), name: path)
    guard file.shape.count == 1 else {
      throw PipelineError.malformedImage(
        file: path,
        problem: "labels have one dimension, but the file has \(file.shape.count) "
          + "(are these the images?)")
    }
    return file.elements
  }

  /// `[N, H, W]` or `[N, C, H, W]`.
  private static func images(_ file: IDXFile, name: String) throws -> ImageChunk {
    let shape = file.shape
    // The limit keeps their product within range where N is 0.
    guard shape.count == 3 || shape.count == 4,
      shape.dropFirst().allSatisfy({ (1...1 << 16).contains($0) })
    else {
      throw PipelineError.malformedImage(
        file: name,
        problem: "images have the dimensions [N, H, W] or [N, C, H, W], but these are \(shape)"
          + (shape.count == 1 ? " (are these the labels?)" : ""))
    }
    return ImageChunk(
      channels: shape.count == 3 ? 1 : shape[1], height: shape[shape.count - 2],
      width: shape[shape.count - 1], pixels: file.elements)
  }

  /// All bytes of a file, inflated.
  private static func bytes(_ path: String) throws -> [UInt8] {
    let bytes = try FileBytes.read(path == "-" ? "/dev/stdin" : path)
    return Gzip.isGzip(bytes) ? try Gzip.inflate(bytes, name: path) : bytes
  }
}
