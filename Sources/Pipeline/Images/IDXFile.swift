/// An array of bytes as the MNIST data set keeps it (LeCun, Cortes and Burges, "The MNIST database of
/// handwritten digits"): two zero bytes, the element type 0x08, the number of dimensions, each
/// dimension as a big-endian 32-bit number, the elements with the last index running fastest.
public struct IDXFile: Sendable, Hashable {
  public var shape: [Int]
  public var elements: [UInt8]

  public init(shape: [Int], elements: [UInt8]) {
    self.shape = shape
    self.elements = elements
  }

  /// Whether bytes begin as an IDX file does, of whatever type.
  public static func isIDX(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0, 0]) }

  /// - Parameter name: of the file, for the message.
  /// - Throws: `PipelineError.malformedImage`.
  public init(_ bytes: [UInt8], name: String) throws {
    func fault(_ problem: String) -> PipelineError {
      .malformedImage(file: name, problem: problem)
    }
    guard Self.isIDX(bytes) else {
      throw fault("this is no IDX file, which begins with two zero bytes")
    }
    guard bytes.count >= 4 else { throw fault("the file ends within its header") }
    guard bytes[2] == 0x08 else {
      let type = String(bytes[2], radix: 16)
      throw fault("the elements are of IDX type 0x\(type), but only bytes (0x8) are read")
    }
    let rank = Int(bytes[3])
    let start = 4 + 4 * rank
    guard rank > 0, bytes.count >= start else { throw fault("the file ends within its header") }
    var count = 1
    shape = []
    for i in 0..<rank {
      let length = bytes[4 + 4 * i..<8 + 4 * i].reduce(0) { $0 << 8 | Int($1) }
      shape.append(length)
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      guard !overflows else {
        throw fault("its sizes, \(Self.text(shape)) so far, are more than can be")
      }
      count = product
    }
    guard bytes.count - start == count else {
      throw fault(
        "\(Self.text(shape)) elements need \(count) bytes after the header, but there are "
          + "\(bytes.count - start) (is the file cut short or damaged?)")
    }
    elements = Array(bytes[start...])
  }

  private static func text(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " x ")
  }
}

extension IDXFile {
  /// The bytes of the file.
  ///
  /// - Precondition: at most 255 dimensions, each below 2^32.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = [0, 0, 0x08, UInt8(shape.count)]
    for length in shape {
      for shift in stride(from: 24, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: length >> shift))
      }
    }
    return bytes + elements
  }
}
