import Glibc
import Pipeline

/// Labelled images, cut into what is learnt from and what is judged on. Both have the same labels.
struct ImageParts {
  let train: LabelledImages
  /// `nil` where nothing is kept for it.
  let dev: LabelledImages?
  /// How the dev part came about, for the provenance: `5%` or `file`.
  let origin: String

  /// Reads the data.
  /// - Throws: what reading throws; `CLIError.badData` where there are no two classes to tell apart,
  ///   or where the dev part has another size or a class that the training data lack.
  init(_ path: String, dev: DevelopmentPart) throws {
    let data = try Self.read(path, part: .train)
    guard data.labelNames.count > 1 else {
      throw CLIError.badData(
        "\(Escaping.printable(path)): all \(data.count) images have the label "
          + "\(data.labelNames.joined()) (a classifier needs two labels or more)")
    }
    switch dev {
    case .file(let path):
      let judged = try Self.read(path, part: .test)
      guard judged.images.sizeText == data.images.sizeText else {
        throw CLIError.badData(
          "\(Escaping.printable(path)): the images have \(judged.images.sizeText), but those to "
            + "learn from \(data.images.sizeText)")
      }
      train = data
      self.dev = LabelledImages(
        images: judged.images, labels: try Evaluation.targets(judged, in: data.labelNames),
        labelNames: data.labelNames)
      origin = "file"
    case .percent(let percent):
      let parts = data.split(devFraction: percent / 100)
      // Of a few images every one is needed to learn from.
      let isUsable = Set(parts.train.labels).count == data.labelNames.count && parts.dev.count > 0
      train = isUsable ? parts.train : data
      self.dev = isUsable ? parts.dev : nil
      origin = isUsable ? dev.description : "0%"
    }
  }

  /// Reads one part of a folder as MNIST has it, or a file of images with its labels beside it.
  static func read(_ path: String, part: LabelledImages.Part) throws -> LabelledImages {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw PipelineError.cannotOpen(file: path, code: errno)
    }
    return try status.st_mode & S_IFMT == S_IFDIR
      ? LabelledImages(folder: path, part: part) : LabelledImages(images: path)
  }
}

extension LabelledImages {
  /// The data in a model's provenance.
  var summary: JSONObject {
    JSONObject([
      ("images", .int(count)), ("labels", .int(labelNames.count)), ("sha256", .string(digest)),
    ])
  }
}
