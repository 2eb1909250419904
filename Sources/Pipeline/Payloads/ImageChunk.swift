/// N images of one size, in bytes: 0 is black and 255 is white.
public struct ImageChunk: Payload, Hashable {
  public static var kind: PayloadKind { .images }

  /// C: 1 for grey, 3 for red, green and blue.
  public var channels: Int
  /// H and W.
  public var height: Int
  public var width: Int
  /// `[N, C, H, W]`, the first row at the top.
  public var pixels: [UInt8]

  /// - Precondition: `pixels` holds whole images.
  public init(channels: Int = 1, height: Int, width: Int, pixels: [UInt8] = []) {
    precondition(channels > 0 && height > 0 && width > 0, "an image has pixels")
    precondition(pixels.count % (channels * height * width) == 0, "a part of an image")
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// Bytes of an image: C H W.
  public var size: Int { channels * height * width }

  public var count: Int { pixels.count / size }

  /// The pixels of image `i`.
  public subscript(_ i: Int) -> ArraySlice<UInt8> { pixels[i * size..<(i + 1) * size] }

  /// Some consecutive images as a chunk of their own.
  public func images(_ part: Range<Int>) -> ImageChunk {
    ImageChunk(
      channels: channels, height: height, width: width,
      pixels: Array(pixels[part.lowerBound * size..<part.upperBound * size]))
  }

  /// The images at these places, in this order.
  public func subset(_ indices: some Sequence<Int>) -> ImageChunk {
    var chosen = ImageChunk(channels: channels, height: height, width: width)
    for i in indices { chosen.pixels += self[i] }
    return chosen
  }

  /// The form of an image in messages: `28 by 28 pixels`.
  public var sizeText: String {
    "\(height) by \(width) pixels" + (channels == 1 ? "" : " of \(channels) channels")
  }
}

/// Images as texts, for the self-test of a model file: `CxHxW` and the bytes in hexadecimal.
extension ImageChunk {
  /// The text of image `i`.
  func text(_ i: Int) -> String {
    var text = "\(channels)x\(height)x\(width) "
    for byte in self[i] {
      text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
  }

  /// - Returns: `nil` where the texts are not those of images of one size.
  package init?(texts: [String]) {
    var chunk: ImageChunk?
    for text in texts {
      let parts = text.split(separator: " ", omittingEmptySubsequences: false)
      let sizes = parts[0].split(separator: "x").compactMap { Int($0) }
      guard parts.count == 2, sizes.count == 3, sizes.allSatisfy({ (1...1 << 16).contains($0) })
      else { return nil }
      var next =
        chunk ?? ImageChunk(channels: sizes[0], height: sizes[1], width: sizes[2])
      let digits = parts[1].utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
      guard [next.channels, next.height, next.width] == sizes, digits.count == 2 * next.size
      else { return nil }
      for i in 0..<next.size {
        guard let high = digits[2 * i], let low = digits[2 * i + 1] else { return nil }
        next.pixels.append(UInt8(16 * high + low))
      }
      chunk = next
    }
    guard let chunk else { return nil }
    self = chunk
  }
}
