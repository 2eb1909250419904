import Crypto
import Glibc

/// N images, each of one of K classes: what an image classifier is trained and judged on.
public struct LabelledImages: Sendable {
  public let images: ImageChunk
  /// `[N]`: positions in `labelNames`.
  public let labels: [Int32]
  /// The K class names.
  public let labelNames: [String]

  /// - Precondition: one label for each image, each a position in `labelNames`.
  public init(images: ImageChunk, labels: [Int32], labelNames: [String]) {
    precondition(images.count == labels.count, "one label for each image")
    precondition(labels.allSatisfy { labelNames.indices.contains(Int($0)) }, "labels have names")
    self.images = images
    self.labels = labels
    self.labelNames = labelNames
  }

  public var count: Int { labels.count }

  /// The images at these places, in this order; the label names stay all K.
  public func subset(_ indices: [Int]) -> LabelledImages {
    LabelledImages(
      images: images.subset(indices), labels: indices.map { labels[$0] }, labelNames: labelNames)
  }

  /// Cuts off a part for development, by a hash of each image and its label: as
  /// `LabelledDataset.split` does with texts, so that equal images are never on both sides.
  public func split(devFraction fraction: Double) -> (train: LabelledImages, dev: LabelledImages) {
    let names = labelNames.map { Array($0.utf8) }
    var sides: (train: [Int], dev: [Int]) = ([], [])
    for i in 0..<count {
      var hash = FNV1a()
      hash.combine(names[Int(labels[i])])
      hash.combine([0xFF])
      hash.combine(images[i])
      if Double(hash.mixed % 10_000) < 10_000 * fraction {
        sides.dev.append(i)
      } else {
        sides.train.append(i)
      }
    }
    return (subset(sides.train), subset(sides.dev))
  }

  /// The labels as places in another list of names.
  /// - Returns: -1 for a label that `names` does not have.
  public func labels(asIn names: [String]) -> [Int32] {
    let map = labelNames.map { name in names.firstIndex(of: name).map(Int32.init) ?? -1 }
    return labels.map { map[Int($0)] }
  }

  /// The SHA-256, in hexadecimal, of the size and of `label TAB pixels` of all images in order.
  public var digest: String {
    let names = labelNames.map { Array("\($0)\t".utf8) }
    var hash = SHA256()
    hash.update(data: Array("\(images.channels)x\(images.height)x\(images.width)\n".utf8))
    for i in 0..<count {
      hash.update(data: names[Int(labels[i])])
      hash.update(data: images[i])
    }
    return hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}

// MARK: - Reading

extension LabelledImages {
  /// Which files of a folder.
  public enum Part: String, Sendable {
    case train
    case test = "t10k"
  }

  /// Reads one part of a folder as MNIST has it: `train-images-idx3-ubyte` and
  /// `train-labels-idx1-ubyte`, or `t10k-...`, each plain or with `.gz`.
  /// - Throws: as `read(images:)`.
  public init(folder: String, part: Part) throws {
    try self.init(images: "\(folder)/\(part.rawValue)-images-idx3-ubyte")
  }

  /// Reads a file of images and, beside it, the file of their labels, whose name has `labels` and
  /// `idx1` for `images` and `idx3`. Classes are the numbers that occur, in their order.
  /// - Throws: `PipelineError.cannotOpen` and the like, `.malformedImage`.
  public init(images path: String) throws {
    let (imagePath, labelPath) = try Self.paths(path)
    let images = try ImageFile(imagePath).images
    let numbers = try ImageFile.labels(labelPath)
    guard numbers.count == images.count else {
      throw PipelineError.malformedImage(
        file: labelPath,
        problem: "there are \(numbers.count) labels for the \(images.count) images of "
          + Escaping.printable(imagePath))
    }
    guard images.count > 0 else {
      throw PipelineError.malformedImage(file: imagePath, problem: "there is no image")
    }
    let known = Set(numbers).sorted()
    var places = [Int32](repeating: 0, count: 256)
    for (place, number) in known.enumerated() { places[Int(number)] = Int32(place) }
    self.init(
      images: images, labels: numbers.map { places[Int($0)] }, labelNames: known.map(String.init))
  }

  private static func paths(_ path: String) throws -> (images: String, labels: String) {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let name = path[slash...]
    guard let labels = labelName(String(name)) else {
      throw PipelineError.malformedImage(
        file: path,
        problem: "the file of the labels is not known (a name such as "
          + "digits-images-idx3-ubyte has digits-labels-idx1-ubyte beside it)")
    }
    return (existing(path), existing(path[..<slash] + labels))
  }

  /// The name of the labels of a file of images.
  private static func labelName(_ name: String) -> String? {
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    let labels = words.map { $0 == "images" ? "labels" : $0 == "idx3" ? "idx1" : $0 }
    return labels == words ? nil : labels.joined(separator: "-")
  }

  /// The path, or the same with or without `.gz` where only that exists.
  private static func existing(_ path: String) -> String {
    let other = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path + ".gz"
    return access(path, F_OK) != 0 && access(other, F_OK) == 0 ? other : path
  }
}
