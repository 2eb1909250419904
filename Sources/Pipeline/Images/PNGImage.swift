import CImage

/// A picture in PNG.
public enum PNGImage {
  /// Whether bytes begin as a PNG does.
  public static func isPNG(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  /// The most pixels that are read.
  public static let maximumPixels = 1 << 28

  /// The picture in 8 bits, in grey by luminance or in colour; what is transparent lies on black.
  ///
  /// - Parameters:
  ///   - name: of the file, for the message.
  ///   - channels: 1 for grey, 3 for colour.
  /// - Throws: `PipelineError.malformedImage`.
  public static func read(_ bytes: [UInt8], name: String, channels: Int = 1) throws -> ImageChunk {
    precondition(channels == 1 || channels == 3, "grey or colour")
    var message = [CChar](repeating: 0, count: Int(SEQ_IMAGE_MESSAGE))
    func fault(_ problem: String) -> PipelineError {
      .malformedImage(file: name, problem: problem)
    }
    func libraryFault() -> PipelineError {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return fault("the PNG cannot be read: \(Escaping.printable(text))")
    }
    var (width, height): (UInt32, UInt32) = (0, 0)
    guard seq_png_size(bytes, bytes.count, &width, &height, &message) else {
      throw libraryFault()
    }
    guard Int(width) * Int(height) <= maximumPixels else {
      throw fault("\(height) by \(width) pixels are more than \(maximumPixels)")
    }
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
    guard seq_png_read(bytes, bytes.count, channels == 3, &pixels, &message) else {
      throw libraryFault()
    }
    let chunk = ImageChunk(
      channels: channels, height: Int(height), width: Int(width),
      pixels: channels == 1 ? pixels : planes(of: pixels))
    return chunk
  }

  /// R G B R G B ... as one plane for each colour.
  private static func planes(of pixels: [UInt8]) -> [UInt8] {
    (0..<3).flatMap { channel in
      stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] }
    }
  }
}
