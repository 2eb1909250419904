import Pipeline
import TestSupport
import Testing

@Suite struct LabelledImagesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("train-images-idx3-ubyte", ImageBytes.idx([3, 1, 2], [1, 2, 3, 4, 5, 6]))
    try folder.write("train-labels-idx1-ubyte", ImageBytes.idx([3], [7, 200, 7]))
  }

  @Test func classesAreTheNumbersThatOccur() throws {
    let data = try LabelledImages(folder: folder.path, part: .train)
    #expect(data.labelNames == ["7", "200"] && data.labels == [0, 1, 0])
    #expect(data.images == ImageChunk(height: 1, width: 2, pixels: [1, 2, 3, 4, 5, 6]))
    let part = data.subset([2, 1])
    #expect(part.images.pixels == [5, 6, 3, 4] && part.labels == [0, 1])
    #expect(part.labelNames == data.labelNames && part.digest != data.digest)
  }

  @Test func compressedFilesAreTheSame() throws {
    let plain = try LabelledImages(folder: folder.path, part: .train)
    try folder.write(
      "t10k-images-idx3-ubyte.gz",
      ImageBytes.gzip(try folder.read("train-images-idx3-ubyte")))
    try folder.write(
      "t10k-labels-idx1-ubyte.gz",
      ImageBytes.gzip(try folder.read("train-labels-idx1-ubyte")))
    let zipped = try LabelledImages(folder: folder.path, part: .test)
    #expect(zipped.images == plain.images && zipped.digest == plain.digest)
    #expect(
      try LabelledImages(images: folder.file("t10k-images-idx3-ubyte")).digest == plain.digest)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func refusal(_ body: () throws -> LabelledImages) -> String {
      do {
        _ = try body()
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      refusal { try LabelledImages(folder: folder.path, part: .test) }.contains("cannot be opened"))
    #expect(
      refusal { try LabelledImages(images: folder.file("digits")) }.contains("labels is not known"))
    try folder.write("train-labels-idx1-ubyte", ImageBytes.idx([2], [7, 8]))
    #expect(
      refusal { try LabelledImages(folder: folder.path, part: .train) }
        .contains("2 labels for the 3 images"))
    try folder.write("train-labels-idx1-ubyte", ImageBytes.idx([3, 1, 1], [7, 8, 9]))
    #expect(
      refusal { try LabelledImages(folder: folder.path, part: .train) }.contains("the images?"))
    try folder.write("train-images-idx3-ubyte", ImageBytes.idx([0, 1, 2], []))
    try folder.write("train-labels-idx1-ubyte", ImageBytes.idx([0], []))
    #expect(
      refusal { try LabelledImages(folder: folder.path, part: .train) }.contains("no image"))
  }

  /// Equal images are on one side, wherever they stand, and the rest keeps its side.
  @Test func theSplitIsByContent() {
    let pixels = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 37 >> 3) }
    let images = ImageChunk(height: 2, width: 2, pixels: pixels)
    let data = LabelledImages(
      images: images, labels: (0..<1000).map { Int32($0 % 3) }, labelNames: ["a", "b", "c"])
    let (train, dev) = data.split(devFraction: 0.2)
    #expect(train.count + dev.count == 1000 && (100...300).contains(dev.count))
    func keys(_ part: LabelledImages) -> Set<[UInt8]> {
      Set((0..<part.count).map { Array(part.images[$0]) + [UInt8(part.labels[$0])] })
    }
    #expect(keys(train).isDisjoint(with: keys(dev)))
    let again = data.subset(Array((0..<1000).reversed())).split(devFraction: 0.2)
    #expect(keys(again.dev) == keys(dev))
    #expect(data.split(devFraction: 0).dev.count == 0)
  }
}
