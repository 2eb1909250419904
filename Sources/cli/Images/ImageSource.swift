import Pipeline
import Seq

/// The images of files, in order, as chunks that a model takes, each image with its name.
final class ImageSource {
  /// Images of one file, and their names as the records that answers stand beside.
  typealias Batch = (names: RecordChunk, images: ImageChunk)

  /// Images in a chunk: enough to pay for a thread.
  private static let chunkSize = 256

  private let needed: ImageChunk
  private var paths: ArraySlice<String>
  private var file: ImageFile?
  private var place = 0

  /// - Parameters:
  ///   - files: none is standard input.
  ///   - needed: a chunk of the size that the model takes.
  init(_ files: [String], needed: ImageChunk) {
    paths = (files.isEmpty ? ["-"] : files)[...]
    self.needed = needed
  }

  /// - Throws: what reading a file throws; `CLIError.badData` for images of another size.
  func next() throws -> Batch? {
    while file.map({ place >= $0.images.count }) ?? true {
      guard let path = paths.popFirst() else { return nil }
      file = try open(path)
      place = 0
    }
    guard let file else { return nil }
    let part = place..<min(place + Self.chunkSize, file.images.count)
    place = part.upperBound
    return (Self.names(part, of: file), file.images.images(part))
  }

  private func open(_ path: String) throws -> ImageFile {
    let file = try ImageFile(path, channels: needed.channels == 3 ? 3 : 1)
    try file.images.checkSize(needed, file: path)
    return file
  }

  /// A name with a line end in it would break its line.
  private static func names(_ part: Range<Int>, of file: ImageFile) -> RecordChunk {
    let text = TextChunk(part.map { Escaping.printable(file.name(of: $0), limit: .max - 1) })
    return RecordChunk(
      file: file.name, firstRecord: part.lowerBound + 1,
      raw: RawRecords(bytes: text.bytes, ends: text.ends), text: text)
  }
}

extension ImageChunk {
  /// Checks that the images of a file are of the size that is needed.
  /// - Throws: `CLIError.badData`.
  func checkSize(_ needed: ImageChunk, file: String) throws {
    guard sizeText == needed.sizeText else {
      throw CLIError.badData(
        "\(Escaping.printable(file)): the image has \(sizeText), but the model takes "
          + "\(needed.sizeText) (height by width)")
    }
  }
}

extension Chain {
  /// The classifier of a chain that leads from images to predictions.
  var imageClassifier: LeNet? { input == .images ? first(LeNet.self) : nil }
}
