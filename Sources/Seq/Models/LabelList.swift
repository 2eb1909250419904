import Pipeline

/// Class names as bytes: each followed by a newline (a label never holds one).
package enum LabelList {
  package static func encode(_ labels: [String]) -> [UInt8] {
    labels.flatMap { Array($0.utf8) + [0x0A] }
  }

  /// Checks that the names can be told apart and written.
  /// - Throws: `SeqError.unusableData` where there are fewer than two, or one is empty, stands
  ///   twice (as bytes) or holds a newline.
  package static func validate(_ labels: [String]) throws {
    var seen: Set<[UInt8]> = []
    for label in labels {
      let name = Array(label.utf8)
      guard !name.isEmpty, !name.contains(0x0A), seen.insert(name).inserted else {
        throw SeqError.unusableData(
          "the class name \"\(Escaping.printable(label))\" is empty, repeated or has a newline")
      }
    }
    guard labels.count >= 2 else {
      throw SeqError.unusableData(
        "there is \(labels.count) class, but a classifier needs at least two")
    }
  }

  /// - Throws: `PipelineError.malformedResource` where the bytes are not UTF-8, a name is empty or
  ///   stands twice, or there are fewer than two.
  package static func decode(_ bytes: [UInt8]) throws -> [String] {
    var labels: [String] = []
    var seen: Set<[UInt8]> = []
    var start = 0
    for (i, byte) in bytes.enumerated() where byte == 0x0A {
      let name = Array(bytes[start..<i])
      start = i + 1
      guard let label = String(validating: name, as: UTF8.self), !name.isEmpty,
        seen.insert(name).inserted
      else {
        throw PipelineError.malformedResource(
          "labels", "class name \(labels.count + 1) is empty, repeated or not UTF-8")
      }
      labels.append(label)
    }
    guard start == bytes.count, labels.count >= 2 else {
      throw PipelineError.malformedResource("labels", "holds fewer than two lines")
    }
    return labels
  }
}
