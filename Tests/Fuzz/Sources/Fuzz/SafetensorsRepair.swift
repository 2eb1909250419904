import CFuzz

@testable import Pipeline

/// Mutations of safetensors files that leave lengths and digests right, so that what stands behind
/// these checks is reached.
enum SafetensorsRepair {
  /// The largest body that is made up for a header.
  private static let maximumBody = 1 << 16

  /// Changes a value in the header.
  static func mutate(_ file: [UInt8], _ random: inout MutationRandom) -> [UInt8]? {
    guard let (range, _) = header(of: file),
      let text = JSONMutator.mutate(Array(file[range]), &random)
    else { return nil }
    return joined(text, Array(file[range.upperBound...]))
  }

  /// A file of a header and a body.
  static func joined(_ header: [UInt8], _ body: [UInt8]) -> [UInt8] {
    let padded = header + Array(repeating: 0x20, count: -header.count & 7)
    return withUnsafeBytes(of: UInt64(padded.count).littleEndian) { Array($0) } + padded + body
  }

  /// The header's length, the size of the body, the tensors' digests and the digest of the whole file
  /// made right, as far as there is a header at all.
  static func repair(_ file: [UInt8]) -> [UInt8] {
    guard let (range, root) = header(of: file), let root else { return file }
    var body = Array(file[range.upperBound...])
    let ends = (root.objectValue?.members ?? []).compactMap {
      $0.value["data_offsets"]?.arrayValue?.last?.intValue
    }
    if let end = ends.max(), (0...maximumBody).contains(end), end != body.count {
      body = Array(body.prefix(end)) + Array(repeating: 0, count: max(0, end - body.count))
    }
    var text = Array(file[range])
    renewDigests(&text, root, body)
    var fixed = joined(text, body)
    if hasSeal(fixed) { ModelSeal.seal(&fixed) }
    return fixed
  }

  /// Where the header's text stands, as its length says, or up to the brace that closes it; and what
  /// it says, if it is JSON.
  private static func header(of file: [UInt8]) -> (Range<Int>, JSONValue?)? {
    guard file.count > 9, file[8] == UInt8(ascii: "{") else { return nil }
    let claimed = file.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    if claimed <= UInt64(file.count - 8) {
      let range = 8..<8 + Int(claimed)
      if let root = try? JSONParser.parse(file[range]) { return (range, root) }
    }
    var depth = 0
    var isText = false
    var isEscaped = false
    for i in 8..<file.count {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if file[i] == UInt8(ascii: "\\") {
          isEscaped = true
        } else if file[i] == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch file[i] {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth == 0 { return (8..<i + 1, try? JSONParser.parse(file[8...i])) }
    }
    return nil
  }

  /// Writes the digests of the tensors over those in the text, which are as long.
  private static func renewDigests(_ text: inout [UInt8], _ root: JSONValue, _ body: [UInt8]) {
    guard let saved = root[SafetensorsFile.metadataKey]?["tensors_sha256"]?.stringValue,
      let digests = try? JSONParser.parse(saved.utf8)
    else { return }
    for member in root.objectValue?.members ?? [] {
      guard let offsets = member.value["data_offsets"]?.arrayValue, offsets.count == 2,
        let start = offsets[0].intValue, let end = offsets[1].intValue,
        start >= 0, start <= end, end <= body.count,
        let old = digests[member.key]?.stringValue, old.utf8.count == ModelSeal.length,
        let place = place(of: old, in: text)
      else { continue }
      for (i, byte) in Digest.sha256(body[start..<end]).utf8.enumerated() { text[place + i] = byte }
    }
  }

  /// By the C library: a collection's own search took most of a fuzzer's time.
  private static func place(of words: String, in text: [UInt8]) -> Int? {
    var words = words
    let place = words.withUTF8 { fuzz_find($0.baseAddress, $0.count, text, text.count) }
    return place < 0 ? nil : place
  }

  private static func hasSeal(_ file: [UInt8]) -> Bool {
    file.withUnsafeBytes { bytes in
      let length = Int(bytes.loadUnaligned(as: UInt64.self))
      return ModelSeal.find(in: bytes, header: 8..<8 + length) != nil
    }
  }
}
